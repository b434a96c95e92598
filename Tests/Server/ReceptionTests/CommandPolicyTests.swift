import MailCore
import MailTesting
import Reception
import SMTPCore
import Testing

/// Who may use which command.
struct CommandPolicyTests {
    @Test func `each command has grounds of its own`() async throws {
        let server = try await ReceptionServer(isTrusted: true) { settings in
            settings.commands.verify = PeerGrounds()
            settings.commands.expand = PeerGrounds(authenticated: true)
            settings.commands.startQueue = PeerGrounds(networks: [])
            settings.commands.terminals = PeerGrounds()
        }
        let replies = try await server.replies(
            to: "VRFY nobody@example.org", "EXPN staff", "ETRN example.net", "SEND FROM:<>", "HELP STATUS")
        #expect(replies.map { $0.prefix(3) } == ["252", "502", "502", "502", "211"])
        await server.stop()
    }

    @Test func `a network that may relay nothing may still be told`() async throws {
        let server = try await ReceptionServer(isTrusted: false) { settings in
            if let network = try? IPNetwork("127.0.0.0/8") {
                settings.commands.verify = PeerGrounds(networks: [network])
            }
        }
        let replies = try await server.replies(
            to: "VRFY bob", "EXPN staff", "MAIL FROM:<>", "RCPT TO:<someone@example.net>")
        #expect(replies.map { $0.prefix(3) } == ["250", "502", "250", "550"])
        await server.stop()
    }

    @Test(arguments: [
        (QueueStart.nothingWaits, "251 2.0.0 No messages waiting for node example.net"),
        (.started(messages: 3), "253 2.0.0 3 pending messages for node example.net started"),
        (.startedMany, "252 2.0.0 Pending messages for node example.net started"),
        (.unable("later"), "458 4.3.0 Unable to queue messages for node example.net: later"),
        (.notAllowed("ours"), "459 4.7.1 Node example.net not allowed: ours"),
    ])
    func `ETRN is answered as RFC 1985 has it`(start: QueueStart, reply: String) async throws {
        let server = try await ReceptionServer(isTrusted: true, queue: ScriptedQueue(answer: start))
        #expect(try await server.replies(to: "ETRN example.net") == [reply])
        await server.stop()
    }

    @Test func `a proxy that may speaks for a client, who gets what that client may`() async throws {
        let server = try await ReceptionServer(isTrusted: true) { settings in
            if let proxy = try? IPNetwork("127.0.0.0/8") { settings.commands.clientAttributes = [proxy] }
        }
        let replies = try await server.replies(
            to: "EXPN staff", "XCLIENT ADDR=192.0.2.7 PORT=4711", "EXPN staff", "EHLO client.example.net",
            "MAIL FROM:<you@example.net>", "RCPT TO:<someone@example.net>", "RCPT TO:<ann@example.org>", "DATA",
            "Hello.\r\n.", "XCLIENT ADDR=127.0.0.1 LOGIN=ann", "EXPN staff")
        #expect(
            replies.map { $0.prefix(3) } == [
                "250", "220", "502", "250", "250", "550", "250", "354", "250", "220", "250",
            ])
        let stored = try #require(server.sink.stored.first)
        #expect(stored.prefix.contains("[192.0.2.7]"))
        await server.stop()
    }

    @Test func `who is no proxy speaks for nobody`() async throws {
        let server = try await ReceptionServer(isTrusted: true)
        #expect(
            try await server.replies(to: "XCLIENT ADDR=192.0.2.7") == ["550 5.7.0 You may not speak for others"])
        await server.stop()
    }
}
