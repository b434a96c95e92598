import MailCore
import QueueCore
import Testing

@testable import MailSpool

@Suite struct ExpansionTests {
    private func expansion(_ number: Int, into addresses: String...) throws -> RecipientResult {
        let recipients = try addresses.map { ExpandedRecipient(try EmailAddress($0)) }
        return RecipientResult(
            number: number,
            outcome: Outcome(.expanded(into: recipients), status: EnhancedStatusCode(.success, 0, 0), diagnostic: ""))
    }

    private func states(_ spool: Spool, _ id: QueueID) async throws -> [String] {
        try await spool.flush()
        return try await spool.show(id)?.recipients.map { "\($0.recipient.address) \($0.state)" } ?? []
    }

    @Test(arguments: [false, true])
    func whoIsReachedInSeveralWaysGetsTheMessageOnce(isIndexed: Bool) async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept(
            "one", from: .sample(to: "ann@example.net", "info@example.net", "staff@example.net"))
        if isIndexed { try await spool.flush() }
        try await spool.record([
            AttemptRecord(
                id: id,
                results: [
                    RecipientResult(number: 0, outcome: .delivered), try expansion(1, into: "ann@example.net"),
                    try expansion(2, into: "ann@example.net", "bob@example.net", "bob@example.net"),
                ])
        ])
        #expect(
            try await states(spool, id) == [
                "ann@example.net delivered", "info@example.net expanded", "staff@example.net expanded",
                "bob@example.net pending",
            ])
    }

    @Test func aLoopOfAliasesDoesNotEndInSilence() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept("one", from: .sample(to: "a@example.net"))
        try await spool.record([AttemptRecord(id: id, results: [try expansion(0, into: "b@example.net")])])
        try await spool.record([AttemptRecord(id: id, results: [try expansion(1, into: "a@example.net")])])
        #expect(try await states(spool, id).last == "a@example.net pending")
    }
}
