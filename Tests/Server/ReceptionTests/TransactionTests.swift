import MailCore
import MailTesting
import QueueCore
import Reception
import SMTPCore
import Testing

/// What becomes of a message at the door of the queue.
struct TransactionTests {
    @Test func `an accepted message is stored as it came, with its envelope`() async throws {
        let server = try await ReceptionServer(isTrusted: false)
        let stored = try await server.store(
            from: "<you@example.net> RET=HDRS ENVID=abc BODY=8BITMIME",
            to: ["<ann@example.org> NOTIFY=FAILURE ORCPT=rfc822;a@example.net", "<bob@example.org>"])
        #expect(stored.body == "Subject: Hello\r\n\r\nHello.\r\n")
        let envelope = stored.envelope
        #expect(envelope.reversePath.description == "<you@example.net>")
        #expect(envelope.options == .init(body: .eightBit, return: .headers, envelopeID: "abc"))
        #expect(envelope.recipients.map(\.address.description) == ["ann@example.org", "bob@example.org"])
        #expect(envelope.recipients[0].notify == .failure)
        #expect(envelope.recipients[0].original?.description == "rfc822;a@example.net")
        await server.stop()
    }

    @Test func `a recipient that is named twice gets the message once, in whatever case it is written`() async throws {
        let server = try await ReceptionServer(isTrusted: true)
        let stored = try await server.store(to: [
            "<ann@example.org>", "<Ann@EXAMPLE.org>", "<x@example.net>", "<x@example.net>", "<X@example.net>",
        ])
        #expect(
            stored.envelope.recipients.map(\.address.description) == [
                "ann@example.org", "x@example.net", "X@example.net",
            ], "what the case means elsewhere is not ours to say")
        await server.stop()
    }

    @Test(arguments: [
        (SinkError.full, "452 4.3.1 There is too little room on disk"),
        (.failed("EIO"), "451 4.3.0 The message could not be stored"),
        (.stopped, "421 4.3.2 mx.example.org No messages are taken now; goodbye"),
    ]) func `a queue that takes no message says so at MAIL or behind the final dot`(error: SinkError, reply: String)
        async throws
    {
        let closed = try await ReceptionServer(isTrusted: false, sink: RecordingSink(openError: error))
        #expect(try await closed.replies(to: "MAIL FROM:<you@example.net>") == [reply])
        await closed.stop()

        let failing = try await ReceptionServer(isTrusted: false, sink: RecordingSink(commitError: error))
        let replies = try await failing.replies(
            to: "MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.org>", "DATA", "Subject: x\r\n\r\n.")
        #expect(replies.last == reply)
        #expect(!failing.events.contains { if case .accepted = $0.kind { true } else { false } })
        #expect(failing.events.contains { if case .notStored(_, error) = $0.kind { true } else { false } })
        await failing.stop()
    }

    @Test(arguments: ["RSET", "EHLO again.example.net", "QUIT"])
    func `what ends a transaction without a message discards what came of it`(command: String) async throws {
        let server = try await ReceptionServer(isTrusted: false)
        _ = try await server.replies(to: "MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.org>", command)
        #expect(server.sink.discarded == 1)
        #expect(server.sink.stored.isEmpty)
        await server.stop()
    }

    @Test func `a connection that breaks within the content discards it`() async throws {
        let server = try await ReceptionServer(isTrusted: false)
        let client = try await server.connect()
        for command in ["MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.org>", "DATA"] {
            _ = try await client.ask(command)
        }
        client.send("Subject: half\r\n")
        client.close()
        _ = try await eventually("the message's being discarded") { server.sink.discarded == 1 ? true : nil }
        #expect(server.sink.stored.isEmpty)
        await server.stop()
    }

    @Test func `over LMTP each recipient has its reply`() async throws {
        let server = try await ReceptionServer(isTrusted: true, kind: .lmtp)
        let client = try await server.connect(hello: "LHLO client.example.net")
        for command in [
            "MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.org>", "RCPT TO:<bob@example.org>", "DATA",
        ] {
            _ = try await client.ask(command)
        }
        client.send("Subject: x\r\n\r\n.\r\n")
        #expect(try await client.reply() == "250 2.0.0 Queued as 1")
        #expect(try await client.reply() == "250 2.0.0 Queued as 1")
        #expect(server.sink.stored.first?.prefix.contains("with LMTP id 1") == true)
        await server.stop()
    }

    @Test func `the log hears of what was accepted and of what was refused`() async throws {
        let server = try await ReceptionServer(isTrusted: false)
        _ = try await server.replies(
            to: "MAIL FROM:<you@example.net>", "RCPT TO:<someone@example.net>", "RCPT <x>", "RSET", "DATA")
        _ = try await server.store()
        await server.stop()
        var seen: Set<String> = []
        for event in server.events {
            switch event.kind {
            case .connected: seen.insert("connected")
            case .encrypted, .tlsFailed, .authenticated: seen.insert("TLS or AUTH")
            case .refused(let reply, let command, let id):
                seen.insert("\(id?.description ?? "none") \(command ?? "?"): \(reply.code)")
            case .refusedAgain: seen.insert("refused again")
            case .accepted(_, let from, let recipients, let octets, _): seen.insert("\(from) \(recipients) \(octets)")
            case .notStored: seen.insert("not stored")
            case .shown, .turned, .filtered, .filterFailed: seen.insert("terminal, turn or filter")
            case .disconnected(let messages): seen.insert("disconnected \(messages)")
            }
        }
        let wanted: Set = [
            "connected", "1 RCPT TO:<someone@example.net>: 550", "1 RCPT <x>: 501", "none DATA: 503",
            "<you@example.net> 1 26", "disconnected 1",
        ]
        #expect(seen.isSuperset(of: wanted))
    }

    @Test func `the log hears once of a refusal that repeats itself, and of each that was decided`() async throws {
        let server = try await ReceptionServer(isTrusted: false)
        let early = (1...4).map { "RCPT TO:<\($0)@example.net>" }
        let relaying = ["MAIL FROM:<you@example.net>", "RCPT TO:<a@example.net>", "RCPT TO:<b@example.net>", "DATA"]
        let client = try await server.connect()
        for command in early + relaying + ["FOO", "BAR", "QUIT"] { _ = try await client.ask(command) }
        await server.stop()
        let told = server.events.compactMap { event -> String? in
            switch event.kind {
            case .refused(let reply, let command, _): "\(command ?? "?"): \(reply.code)"
            case .refusedAgain(let reply, _, let times): "\(reply.code) again, \(times) times"
            default: nil
            }
        }
        #expect(
            told == [
                "RCPT TO:<1@example.net>: 503", "503 again, 3 times", "RCPT TO:<a@example.net>: 550",
                "RCPT TO:<b@example.net>: 550", "DATA: 554", "FOO: 500", "500 again, 1 times",
            ])
    }
}
