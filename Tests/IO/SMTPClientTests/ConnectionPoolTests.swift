import MailCore
import MailTesting
import NIOCore
import SMTPClient
import SMTPCore
import Testing

@Suite struct ConnectionPoolTests {
    private static let opening = SMTPConnectionTests.opening
    private static let oneMessage = SMTPConnectionTests.oneMessage
    private static let closing = SMTPConnectionTests.closing

    private func pool(_ limits: SMTPPoolLimits = .init(idleTime: .seconds(600))) throws -> SMTPConnectionPool {
        SMTPConnectionPool(
            configuration: SMTPClientConfiguration(localName: .domain(try Domain("client.example"))), limits: limits)
    }

    private func send(
        _ server: ScriptedServer, over pool: SMTPConnectionPool, connections: Int? = nil
    ) async throws -> [Outcome.Action] {
        let envelope = try Envelope(
            reversePath: .mailbox(EmailAddress("ann@client.example")),
            recipients: [EnvelopeRecipient(EmailAddress("bob@mx.example"))])
        let content = SMTPContent.memory(ByteBuffer(string: "Subject: x\r\n\r\n"))
        return try await pool.deliver(envelope, content, to: SMTPEndpoint(server.url), connections: connections)
            .outcomes.map(\.action)
    }

    private func connections(of server: ScriptedServer) -> Int { server.heard.text.split(separator: "EHLO").count }

    @Test func oneConnectionCarriesMessagesOneAfterAnother() async throws {
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + Self.oneMessage + Self.closing)
        let pool = try pool()
        for _ in 1...2 { #expect(try await send(server, over: pool) == [.delivered]) }
        #expect(connections(of: server) == 1)
        await pool.close()
        #expect(server.heard.text.hasSuffix("QUIT\r\n"))
        try await server.stop()
    }

    @Test func `the form of a message may depend on what the server offers`() async throws {
        struct NoForm: Error {}
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + Self.closing)
        let (pool, endpoint) = (try pool(), SMTPEndpoint(server.url))
        await #expect(throws: NoForm.self) {
            _ = try await pool.deliver(to: endpoint) { extensions in
                #expect(!extensions.binaryMIME && !extensions.keywords.isEmpty)
                throw NoForm()
            }
        }
        #expect(try await send(server, over: pool) == [.delivered])
        #expect(connections(of: server) == 1, "the connection was there for the next message")
        await pool.close()
        try await server.stop()
    }

    @Test func atTheLimitOfMessagesTheNextConnectionIsMade() async throws {
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + Self.oneMessage + Self.closing)
        let pool = try pool(.init(idleTime: .seconds(600), messages: 2))
        for _ in 1...3 { #expect(try await send(server, over: pool) == [.delivered]) }
        #expect(connections(of: server) == 2)
        await pool.close()
        try await server.stop()
    }

    @Test func theServerMayAllowLess() async throws {
        let opening: [ScriptedServer.Step] = [
            .say("220 mx\r\n"), .hear("EHLO client.example\r\n"),
            .say("250-mx\r\n250-PIPELINING\r\n250 LIMITS MAILMAX=1\r\n"),
        ]
        let server = try await ScriptedServer(opening + Self.oneMessage + Self.closing)
        let pool = try pool()
        for _ in 1...2 { #expect(try await send(server, over: pool) == [.delivered]) }
        #expect(connections(of: server) == 2)
        await pool.close()
        try await server.stop()
    }

    /// The server closes after each message; the pool may notice before the next one, or only with it.
    @Test(arguments: [
        [ScriptedServer.Step.close], [.hear("MAIL"), .close], [.hear("MAIL"), .say("421 idle\r\n"), .close],
    ])
    func aConnectionThatDiedIdleCostsNoMessage(end: [ScriptedServer.Step]) async throws {
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + end)
        let pool = try pool()
        for _ in 1...3 { #expect(try await send(server, over: pool) == [.delivered]) }
        #expect(connections(of: server) == 3)
        await pool.close()
        try await server.stop()
    }

    @Test func aFreshConnectionThatDiesIsNotTriedForEver() async throws {
        let server = try await ScriptedServer(Self.opening + [.hear("MAIL"), .close])
        let pool = try pool()
        #expect(try await send(server, over: pool) == [.deferred])
        #expect(connections(of: server) == 1)
        await pool.close()
        try await server.stop()
    }

    @Test func noMoreConnectionsThanAllowed() async throws {
        let many = (1...20).flatMap { _ in Self.oneMessage }
        let server = try await ScriptedServer(Self.opening + many + Self.closing)
        let pool = try pool(.init(connections: 2, idleTime: .seconds(600)))
        let outcomes = try await withThrowingTaskGroup(of: [Outcome.Action].self) { group in
            for _ in 1...20 { group.addTask { try await send(server, over: pool) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(outcomes == Array(repeating: .delivered, count: 20))
        #expect(connections(of: server) <= 2)
        await pool.close()
        try await server.stop()
    }

    /// The server answers the first message only when the second one's commands have come.
    @Test func aMessageGoesRightBehindAnotherOne() async throws {
        let taken = ScriptedServer.Step.say("250 ok\r\n250 ok\r\n354 go\r\n")
        let server = try await ScriptedServer(
            Self.opening + [
                .hear("DATA\r\n"), taken, .hear(".\r\nMAIL"), .hear("DATA\r\n"), .say("250 kept\r\n"), taken,
                .hear("\r\n.\r\n"), .say("250 kept\r\n"),
            ] + Self.closing)
        let pool = try pool()
        async let first = send(server, over: pool, connections: 1)
        async let second = send(server, over: pool, connections: 1)
        #expect(try await [first, second] == [[.delivered], [.delivered]])
        #expect(connections(of: server) == 1)
        await pool.close()
        try await server.stop()
    }

    /// The server closes instead of answering. What became of the first message is unknown; the second was not begun.
    @Test func aMessageBehindOneWithWhichTheConnectionDiedGoesOverAnother() async throws {
        let server = try await ScriptedServer(
            Self.opening + [
                .hear("DATA\r\n"), .say("250 ok\r\n250 ok\r\n354 go\r\n"), .hear("\r\n.\r\n"), .close,
            ])
        let pool = try pool()
        async let first = send(server, over: pool, connections: 1)
        async let second = send(server, over: pool, connections: 1)
        #expect(try await [first, second] == [[.deferred], [.deferred]])
        #expect(connections(of: server) == 2)
        await pool.close()
        try await server.stop()
    }

    @Test func whoWaitsForAConnectionCanBeCancelled() async throws {
        let server = try await ScriptedServer(Self.opening)
        let pool = try pool(.init(connections: 1))
        let lease = try await pool.take(SMTPEndpoint(server.url))
        let waiting = Task { try await pool.take(SMTPEndpoint(server.url)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        await pool.giveBack(lease)
        try await server.stop()
    }

    @Test func anIdleConnectionIsEndedAfterItsTime() async throws {
        let server = try await ScriptedServer(Self.opening + Self.closing)
        let pool = try pool(.init(idleTime: .milliseconds(20)))
        let lease = try await pool.take(SMTPEndpoint(server.url))
        await pool.giveBack(lease)
        try await eventually("the connection is closed") { lease.connection.isOpen ? nil : () }
        #expect(server.heard.text.hasSuffix("QUIT\r\n"))
        try await server.stop()
    }

    @Test func aClosedPoolGivesNothingOut() async throws {
        let server = try await ScriptedServer(Self.opening)
        let pool = try pool()
        await pool.close()
        await #expect(throws: SMTPError.self) { try await pool.take(SMTPEndpoint(server.url)) }
        try await server.stop()
    }
}
