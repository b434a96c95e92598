import Glibc
import MailCore
import MailTesting
import NIOCore
import NIOPosix
import SMTPCore
import SMTPServer
import Synchronization
import Testing

/// A listener with real sockets on the loopback.
struct ListenerTests {
    private func withListener(
        _ configuration: SMTPListenerConfiguration = .test(), limits: ConnectionLimits = .init(),
        makeDelegate: @escaping SMTPListener.DelegateFactory = { _ in ScriptedDelegate() },
        _ body: (SMTPListener, Int) async throws -> Void
    ) async throws {
        let listener = SMTPListener(
            configuration, group: MultiThreadedEventLoopGroup.singleton, ledger: ConnectionLedger(limits: limits),
            isTrusted: { _ in false }, makeDelegate: makeDelegate)
        guard case .ip(_, let port) = try await listener.bind() else {
            preconditionFailure("it was bound to an address")
        }
        do {
            try await body(listener, port)
        } catch {
            await listener.shutDown(grace: .zero)
            throw error
        }
        await listener.shutDown(grace: .zero)
    }

    /// A client that waits for 354's message to be sent.
    private func clientInContent(port: Int) async throws -> RawConnection {
        let client = try RawConnection(port: port)
        #expect(try await client.reply() == "220 mx.example.org ESMTP Martlet")
        for command in ["EHLO c", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"] {
            _ = try await client.ask(command)
        }
        return client
    }

    @Test func `the delegate knows who has connected, and where`() async throws {
        let peers = Mutex<[SMTPPeer]>([])
        let noting: SMTPListener.DelegateFactory = { peer in
            peers.withLock { $0.append(peer) }
            return ScriptedDelegate()
        }
        try await withListener(makeDelegate: noting) { _, port in
            _ = try await RawConnection(port: port, from: "127.0.0.7").reply()
        }
        let first = peers.withLock { $0.first }
        let peer = try #require(first)
        #expect(peer.address == IPAddress("127.0.0.7"))
        #expect(peer.listener == "test")
    }

    @Test func `a socket that listens already is served as it is`() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(listen(descriptor, 8) == 0)
        let listener = SMTPListener(
            .test(), group: MultiThreadedEventLoopGroup.singleton, ledger: ConnectionLedger(limits: .init()),
            isTrusted: { _ in false }, makeDelegate: { _ in ScriptedDelegate() })
        guard case .ip(_, let port) = try await listener.bind(inheriting: descriptor) else {
            preconditionFailure("it was bound to an address")
        }
        #expect(try await RawConnection(port: port).reply() == "220 mx.example.org ESMTP Martlet")
        await listener.shutDown(grace: .zero)
        #expect(throws: (any Error).self) { try RawConnection(port: port) }
    }

    @Test func `an answer may come from any thread, and content may be resumed from any`() async throws {
        let delegate: SMTPListener.DelegateFactory = { _ in
            ScriptedDelegate(
                decide: { question, answer in
                    guard case .message = question else { return .now(question.usualVerdict) }
                    NIOThreadPool.singleton.submit { _ in answer(.accept(SMTPReply(250, "Stored"))) }
                    return .later
                },
                take: { _, resume in
                    NIOThreadPool.singleton.submit { _ in resume() }
                    return .suspended
                })
        }
        try await withListener(makeDelegate: delegate) { _, port in
            let client = try await clientInContent(port: port)
            for line in 0..<200 { client.send("Line \(line)\r\n") }
            #expect(try await client.ask(".") == "250 Stored")
            #expect(try await client.ask("QUIT").hasPrefix("221"))
        }
    }

    @Test func `what was sent before the peer closed its side is answered`() async throws {
        let delegate: SMTPListener.DelegateFactory = { _ in
            ScriptedDelegate { question, answer in
                guard case .message = question else { return .now(question.usualVerdict) }
                NIOThreadPool.singleton.submit { _ in answer(.accept(SMTPReply(250, "Stored"))) }
                return .later
            }
        }
        try await withListener(makeDelegate: delegate) { _, port in
            let client = try await clientInContent(port: port)
            client.send("Subject: x\r\n\r\n.\r\n")
            client.finishSending()
            #expect(try await client.rest() == "250 Stored\r\n")
        }
    }

    @Test func `a message that was cut short is abandoned`() async throws {
        let record = ScriptedDelegate.Record()
        let recording: SMTPListener.DelegateFactory = { _ in ScriptedDelegate(record: record) }
        try await withListener(makeDelegate: recording) { _, port in
            let client = try await clientInContent(port: port)
            client.send("Subject: x\r\n")
            client.finishSending()
            #expect(try await client.rest() == "")
        }
        #expect(record.events.suffix(2) == ["abandoned", "ended"])
        #expect(!record.events.contains("asked message"))
    }

    @Test func `a refusal arrives though the peer goes on sending`() async throws {
        try await withListener { _, port in
            let client = try RawConnection(port: port)
            _ = try await client.reply()
            let flood = "EHLO c\r\n" + String(repeating: "MAIL FROM:<a@b.example>\r\n", count: 1_000)
            client.send(flood)
            client.send(flood)
            #expect(try await client.reply().hasPrefix("554 5.5.0 "))
        }
    }

    @Test func `whoever comes too often is told so`() async throws {
        let limits = ConnectionLimits(total: 100, perAddress: 2, perNetwork: 3)
        try await withListener(limits: limits) { listener, port in
            let clients = try ["127.0.0.1", "127.0.0.1", "127.0.0.2"].map { try RawConnection(port: port, from: $0) }
            for client in clients { _ = try await client.reply() }
            #expect(
                try await RawConnection(port: port).rest()
                    == "421 4.7.0 mx.example.org Too many connections from your address; try again later\r\n")
            #expect(
                try await RawConnection(port: port, from: "127.0.0.3").rest()
                    == "421 4.7.0 mx.example.org Too many connections from your network; try again later\r\n")
            #expect(listener.connectionCount == 3)

            clients[0].close()
            _ = try await eventually("the connection's end") { listener.connectionCount == 2 ? true : nil }
            #expect(try await RawConnection(port: port).reply().hasPrefix("220 "))
        }
    }

    @Test func `when the listener shuts down, idle sessions end and a transaction is finished`() async throws {
        try await withListener { listener, port in
            let idle = try RawConnection(port: port)
            _ = try await idle.reply()
            let busy = try await clientInContent(port: port)
            async let end: Void = listener.shutDown(grace: .seconds(60))

            #expect(try await idle.rest() == "421 4.3.2 mx.example.org Shutting down; goodbye\r\n")
            _ = try await eventually("no connection's being taken") {
                (try? RawConnection(port: port)) == nil ? true : nil
            }
            busy.send("Subject: x\r\n\r\n.\r\n")
            #expect(try await busy.reply().hasPrefix("250 "))
            #expect(try await busy.rest() == "421 4.3.2 mx.example.org Shutting down; goodbye\r\n")
            await end
            #expect(listener.connectionCount == 0)
        }
    }

    @Test func `a transaction that outlasts the grace period is ended`() async throws {
        let record = ScriptedDelegate.Record()
        let recording: SMTPListener.DelegateFactory = { _ in ScriptedDelegate(record: record) }
        try await withListener(makeDelegate: recording) { listener, port in
            let client = try await clientInContent(port: port)
            client.send("Subject: x\r\n")
            await listener.shutDown(grace: .milliseconds(50))
            #expect(try await client.rest() == "421 4.3.2 mx.example.org Shutting down; goodbye\r\n")
            #expect(listener.connectionCount == 0)
        }
        #expect(record.events.contains("abandoned"))
        #expect(record.events.last == "ended")
    }
}
