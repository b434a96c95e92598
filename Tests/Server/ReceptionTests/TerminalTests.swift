import MailCore
import MailTesting
import Reception
import SMTPCore
import Testing

/// SEND, SOML and SAML (RFC 821 §3.4).
struct TerminalTests {
    private static let content = "Tea is ready.\r\n."

    private func replies(
        _ verb: String, to recipients: [String], _ terminals: ScriptedTerminals, screens: [any RecipientScreen] = [],
        check: (RecordingSink) -> Void = { _ in }
    ) async throws -> [String] {
        let server = try await ReceptionServer(isTrusted: true, terminals: terminals, screens: screens)
        let client = try await server.connect()
        var replies = [try await client.ask("\(verb) FROM:<you@example.net>")]
        for recipient in recipients { replies.append(try await client.ask("RCPT TO:<\(recipient)>")) }
        replies.append(try await client.ask("DATA"))
        if replies.last?.hasPrefix("354") == true { replies.append(try await client.ask(Self.content)) }
        check(server.sink)
        await server.stop()
        return replies
    }

    @Test func `SEND shows the message to who is there, and keeps nothing`() async throws {
        let terminals = ScriptedTerminals(present: ["ann"])
        let replies = try await replies("SEND", to: ["ann@example.org", "bob@example.org"], terminals) { sink in
            #expect(sink.stored.isEmpty && sink.discarded == 1)
        }
        #expect(replies[1] == "250 2.1.5 The user is at a terminal")
        #expect(replies[2] == "450 4.2.1 The user is at no terminal that takes messages")
        #expect(replies[4] == "250 2.0.0 Shown")
        let shown = terminals.shown
        #expect(shown.map(\.user) == ["ann"])
        #expect(shown[0].message.lines.contains("Tea is ready."))
        #expect(shown[0].message.lines[0].hasPrefix("Message from <you@example.net> at mx.example.org"))
    }

    @Test func `SEND does not say 250 when a terminal did not take the message`() async throws {
        let terminals = ScriptedTerminals(present: ["ann", "bob"], stopped: ["bob"])
        let replies = try await replies("SEND", to: ["ann@example.org", "bob@example.org"], terminals) { sink in
            #expect(sink.stored.isEmpty)
        }
        #expect(replies.last == "450 4.2.1 Not every terminal took the message")
    }

    @Test(arguments: ["both@example.org", "staff@example.org", "someone@example.net", "away@example.org"])
    func `SEND reaches no alias, no list, and nobody elsewhere`(recipient: String) async throws {
        let replies = try await replies("SEND", to: [recipient], ScriptedTerminals(present: ["ann", "both", "staff"]))
        #expect(replies[1].hasPrefix("450 4.2.1 "))
        #expect(replies[2].hasPrefix("554 "))
    }

    @Test func `SOML goes to the terminal of who is there, and to the mailbox of who is not`() async throws {
        let terminals = ScriptedTerminals(present: ["ann"])
        let replies = try await replies("SOML", to: ["ann@example.org", "bob@example.org"], terminals) { sink in
            #expect(sink.stored.first?.envelope.recipients.map(\.address.description) == ["bob@example.org"])
            #expect(sink.stored.first?.body == "Tea is ready.\r\n")
        }
        #expect(replies.last?.hasPrefix("250 2.0.0 Queued as ") == true)
        #expect(terminals.shown.map(\.user) == ["ann"])
    }

    @Test func `SOML to those who are there is stored for nobody`() async throws {
        let replies = try await replies("SOML", to: ["ann@example.org"], ScriptedTerminals(present: ["ann"])) { sink in
            #expect(sink.stored.isEmpty)
        }
        #expect(replies.last == "250 2.0.0 Shown")
    }

    @Test func `SOML goes to the mailbox after all if the terminal takes nothing`() async throws {
        let terminals = ScriptedTerminals(present: ["ann"], stopped: ["ann"])
        let replies = try await replies("SOML", to: ["ann@example.org"], terminals) { sink in
            #expect(sink.stored.first?.envelope.recipients.map(\.address.description) == ["ann@example.org"])
        }
        #expect(replies.last?.hasPrefix("250 2.0.0 Queued as ") == true)
    }

    @Test func `SAML goes to every mailbox, and to the terminals of those who are there`() async throws {
        let terminals = ScriptedTerminals(present: ["bob"])
        let recipients = ["ann@example.org", "bob@example.org", "staff@example.org"]
        let replies = try await replies("SAML", to: recipients, terminals) { sink in
            #expect(sink.stored.first?.envelope.recipients.map(\.address.description) == recipients)
        }
        #expect(replies.last?.hasPrefix("250 2.0.0 Queued as ") == true)
        #expect(terminals.shown.map(\.user) == ["bob"])
    }

    /// Says that every mailbox is full.
    private struct NoRoom: RecipientScreen {
        let isOn = true
        let isOnForTrusted = true

        func objection(to recipient: ScreenedRecipient) async -> SMTPReply? {
            SMTPReply(552, .init(.permanentFailure, 2, 2), "Full")
        }
    }

    @Test func `what may end in a mailbox must be welcome there, and what only goes to a terminal need not`()
        async throws
    {
        func replies(_ verb: String) async throws -> [String] {
            let recipients = ["ann@example.org", "bob@example.org"]
            let terminals = ScriptedTerminals(present: ["ann"])
            return try await self.replies(verb, to: recipients, terminals, screens: [NoRoom()]).map { $0.prefix(3) }
                .map(String.init)
        }
        #expect(try await replies("SEND") == ["250", "250", "450", "354", "250"])
        #expect(try await replies("SOML") == ["250", "250", "552", "354", "250"])
        #expect(try await replies("SAML") == ["250", "552", "552", "554"])
    }

    @Test func `an unknown user is unknown, whatever the command`() async throws {
        for verb in ["SEND", "SOML", "SAML"] {
            let replies = try await replies(verb, to: ["nobody@example.org"], ScriptedTerminals(present: ["nobody"]))
            #expect(replies[1] == "550 5.1.1 No such user here")
        }
    }

    @Test func `strangers hear that there is no such command here`() async throws {
        let server = try await ReceptionServer(isTrusted: false, terminals: ScriptedTerminals(present: ["ann"]))
        let replies = try await server.replies(
            to: "SEND FROM:<you@example.net>", "SOML FROM:<you@example.net>", "SAML FROM:<you@example.net>")
        #expect(replies.allSatisfy { $0.hasPrefix("502 5.5.1 ") })
        await server.stop()
    }
}
