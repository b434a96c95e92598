import MailCore
import MailTesting
import NIOCore
import SMTPClient
import SMTPCore
import Testing

/// Many messages over one connection of a pool, where the server offers PIPELINING and CHUNKING.
@Suite struct MessageBatchTests {
    private typealias Step = ScriptedServer.Step
    private static let opening = Step.opening("PIPELINING", "CHUNKING")
    private static let chunk = "BDAT 14 LAST\r\nSubject: x\r\n\r\n"
    private static let kept = "250 ok\r\n250 ok\r\n250 kept\r\n"

    private func pool(_ limits: SMTPPoolLimits = .init(connections: 1, idleTime: .seconds(600))) throws
        -> SMTPConnectionPool
    {
        SMTPConnectionPool(
            configuration: SMTPClientConfiguration(localName: .domain(try Domain("client.example"))), limits: limits)
    }

    private func message(_ recipients: String...) throws -> SMTPMessage {
        SMTPMessage(
            try Envelope(
                reversePath: .mailbox(EmailAddress("ann@client.example")),
                recipients: recipients.map { EnvelopeRecipient(try EmailAddress("\($0)@mx.example")) }),
            ByteBuffer(string: "Subject: x\r\n\r\n"))
    }

    private func connections(of server: ScriptedServer) -> Int { server.heard.text.split(separator: "EHLO").count }

    /// The server says nothing to any of the others before all have come.
    @Test func `a batch goes out without waiting for answers`() async throws {
        let others = (2...16).flatMap { _ in [Step.hear("RSET\r\nMAIL"), .hear(Self.chunk)] }
        let server = try await ScriptedServer(
            Self.opening + [.hear(Self.chunk), .say("250 ok\r\n")] + others + [.say("250 ok\r\n250 kept\r\n")]
                + (2...16).map {
                    .say($0 == 3 ? "250 ok\r\n250 ok\r\n550 5.1.1 no\r\n554 nobody\r\n" : "250 ok\r\n" + Self.kept)
                }
                + (17...40).flatMap { _ in
                    [Step.hear("RSET\r\nMAIL"), .hear(Self.chunk), .say("250 ok\r\n" + Self.kept)]
                }
                + [.hear("QUIT\r\n"), .say("221 bye\r\n"), .close])
        let pool = try pool()
        let messages = try (1...40).map { _ in try message("bob") }
        let results = await pool.deliver(messages, to: SMTPEndpoint(server.url))
        let actions = try results.map { try $0.get().outcomes.map(\.action) }
        #expect(actions == (1...40).map { [$0 == 3 ? .failed : .delivered] })
        #expect(connections(of: server) == 1)
        await pool.close()
        try await server.stop()
    }

    /// The first is waited for with DATA, as ever.
    @Test func `a server that offers less gets one message after another`() async throws {
        let server = try await ScriptedServer(
            SMTPConnectionTests.opening + (1...3).flatMap { _ in SMTPConnectionTests.oneMessage })
        let pool = try pool()
        let results = await pool.deliver(try (1...3).map { _ in try message("bob") }, to: SMTPEndpoint(server.url))
        #expect(try results.map { try $0.get().outcomes[0].action } == [.delivered, .delivered, .delivered])
        await pool.close()
        try await server.stop()
    }

    /// Each connection takes two messages and closes with the third, of which nobody knows.
    @Test func `where a connection breaks, what was in flight is in doubt and the rest goes over another one`()
        async throws
    {
        var messages = try (1...8).map { _ in try message("bob") }
        for index in messages.indices {
            messages[index].content.writeString(String(repeating: "x", count: 100_000) + "\r\n")
        }
        let server = try await ScriptedServer(
            Self.opening + [
                .hear("x\r\n"), .say(Self.kept), .hear("x\r\n"), .say("250 ok\r\n" + Self.kept), .hear("x\r\n"), .close,
            ])
        let pool = try pool()
        let results = await pool.deliver(messages, to: SMTPEndpoint(server.url)).map { try? $0.get() }
        #expect(results.count == 8 && results.allSatisfy { $0 != nil })
        let delivered = results.count { $0?.outcomes[0].action == .delivered }
        let doubtful = results.count { $0?.failure?.stage == .endOfData }
        #expect(delivered + doubtful == 8 && delivered >= 4 && doubtful >= 2)
        #expect(results[0]?.failure == nil && results[1]?.failure == nil)
        #expect(connections(of: server) >= 2)
        await pool.close()
        try await server.stop()
    }

    @Test func `a connection carries no more than it may`() async throws {
        let server = try await ScriptedServer(
            Step.opening("PIPELINING", "CHUNKING", "LIMITS MAILMAX=2") + [
                .hear(Self.chunk), .say(Self.kept), .hear("RSET\r\n"), .hear(Self.chunk),
                .say("250 ok\r\n" + Self.kept),
                .hear("QUIT\r\n"), .say("221 bye\r\n"), .close,
            ])
        let pool = try pool()
        let results = await pool.deliver(try (1...6).map { _ in try message("bob") }, to: SMTPEndpoint(server.url))
        #expect(try results.allSatisfy { try $0.get().outcomes[0].action == .delivered })
        #expect(connections(of: server) == 3)
        await pool.close()
        try await server.stop()
    }

    @Test func `without a session every message hears why`() async throws {
        let server = try await ScriptedServer([.say("554 closed\r\n"), .close])
        let pool = try pool()
        let results = await pool.deliver(try (1...3).map { _ in try message("bob") }, to: SMTPEndpoint(server.url))
        #expect(results.count == 3)
        for result in results { #expect(throws: SMTPError.self) { try result.get() } }
        await pool.close()
        try await server.stop()
    }

    @Test func `whoever is cancelled leaves the session`() async throws {
        let server = try await ScriptedServer(
            Self.opening + [.hear(Self.chunk), .say("250 ok\r\n"), .hear("RSET\r\n")])
        let (pool, endpoint) = (try pool(), SMTPEndpoint(server.url))
        let messages = try (1...50).map { _ in try message("bob") }
        let task = Task { await pool.deliver(messages, to: endpoint) }
        try await eventually("the batch is on its way") { server.heard.text.contains("RSET") ? () : nil }
        task.cancel()
        let results = await task.value
        #expect(results.count == 50)
        for result in results { #expect(throws: CancellationError.self) { try result.get() } }
        await pool.close()
        try await server.stop()
    }

    /// The server answers the first only when all others have come: they are in one write or two.
    @Test func `messages that tasks send at once gather behind one another`() async throws {
        let others = (2...10).flatMap { _ in [Step.hear("RSET\r\nMAIL"), .hear(Self.chunk)] }
        let server = try await ScriptedServer(
            Self.opening + [.hear(Self.chunk), .say("250 ok\r\n")] + others + [.say("250 ok\r\n250 kept\r\n")]
                + (2...10).map { _ in .say("250 ok\r\n" + Self.kept) })
        let (pool, endpoint, one) = (try pool(), SMTPEndpoint(server.url), try message("bob"))
        let deadline = ContinuousClock.now + .seconds(60)
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for _ in 1...10 {
                group.addTask {
                    try await pool.deliver(one.envelope, .memory(one.content), to: endpoint, deadline: deadline)
                        .outcomes[0]
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.map(\.action) == Array(repeating: .delivered, count: 10))
        #expect(connections(of: server) == 1)
        await pool.close()
        try await server.stop()
    }

    @Test func `whoever has less time than those in front does not go behind them`() async throws {
        let server = try await ScriptedServer(Self.opening + [.hear(Self.chunk)])
        let (pool, endpoint, one) = (try pool(), SMTPEndpoint(server.url), try message("bob"))
        let first = Task { try await pool.deliver(one.envelope, .memory(one.content), to: endpoint) }
        try await eventually("the first is on its way") { server.heard.text.contains(Self.chunk) ? () : nil }
        let error = await #expect(throws: SMTPError.self) {
            try await pool.deliver(
                one.envelope, .memory(one.content), to: endpoint, deadline: .now + .milliseconds(50))
        }
        #expect(error?.stage == .connect, "no connection became free")
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        await pool.close()
        try await server.stop()
    }
}
