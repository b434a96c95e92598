import MailCore
import NIOCore
import QueueCore
import Testing

@testable import MailSpool

@Suite struct ListingTests {
    @Test func theQueueIsListedByWhatAPersonAsks() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        var fromNobody = try Envelope.sample(to: "carol@example.com")
        fromNobody.reversePath = .null
        let first = try await spool.accept("one", from: .sample(to: "bob@example.net", "dan@example.com"))
        let second = try await spool.accept("two", from: fromNobody)
        try await spool.record(
            second, Outcome(.held, status: EnhancedStatusCode(.persistentTransientFailure, 7, 0), diagnostic: "look"))

        func ids(_ filter: QueueFilter, limit: Int = 10) async throws -> [QueueID] {
            try await spool.list(filter, limit: limit).map(\.id)
        }
        #expect(try await ids(QueueFilter()) == [first, second])
        #expect(try await ids(QueueFilter(), limit: 1) == [first])
        #expect(try await ids(QueueFilter(after: first)) == [second])
        #expect(try await ids(QueueFilter(states: [.held])) == [second])
        #expect(try await ids(QueueFilter(recipient: "EXAMPLE.com")) == [first, second])
        #expect(try await ids(QueueFilter(states: [.pending], recipient: "carol")) == [])
        #expect(try await ids(QueueFilter(sender: "ann@")) == [first])
        #expect(try await ids(QueueFilter(sender: "")) == [second])

        let counts = try await spool.count()
        #expect(counts.messages == 2)
        #expect(counts.recipients == [.pending: 2, .held: 1])
        #expect(counts.octets == 38)
    }

    @Test func `what has just been committed is listed once the index has caught up`() async throws {
        let temporary = try TemporarySpool()
        var settings = TemporarySpool.settings
        settings.indexGatherTime = 600_000
        let spool = try temporary.open(settings)
        defer { spool.close() }
        let id = try await spool.accept("one", isIndexed: false)
        await spool.catchUp(within: .seconds(600))
        #expect(try await spool.list(limit: 10).map(\.id) == [id])
    }

    @Test func `nobody waits for long for an index that cannot catch up`() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let gate = Gate()
        spool.indexWriter.add(.administer(run: { _ in gate.wait() }, refuse: { _ in }))
        await spool.catchUp(within: .milliseconds(1))
        #expect(try await spool.count().messages == 0)
        gate.open()
    }

    @Test func aMessageThatStaysForAReportOnlySaysWhatIsToBeTold() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept("one", from: .sample(to: "bob@example.net", "dan@example.com"))
        for number in 0...1 {
            try await spool.record(
                id, Outcome(.failed, status: .init(.permanentFailure, 1, 1), diagnostic: "no"), number: number)
        }
        #expect(try await spool.show(id)?.recipients.map(\.reportDue) == [.failed, .failed])
    }

    @Test func aMessageShowsWhatItsLastAttemptCameTo() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept("one", from: .sample(to: "bob@example.net", "dan@example.com"))
        let later = temporary.clock.now + .seconds(60)
        try await spool.record(id, .deferred, number: 1, retryAt: later)
        let entry = try #require(try await spool.show(id))
        #expect(entry.recipients.map(\.state) == [.pending, .pending])
        #expect(entry.recipients.map(\.attempts) == [0, 1])
        #expect(entry.recipients[0].last == nil)
        #expect(entry.recipients[1].due == later)
        #expect(entry.recipients[1].last == LastOutcome(.deferred, at: temporary.clock.now))
        #expect(entry.size == 19)
        #expect(try await spool.content(of: id)?.text() == "Received: here\r\none")
        #expect(try await spool.show(QueueID(rawValue: 1)) == nil)
    }
}
