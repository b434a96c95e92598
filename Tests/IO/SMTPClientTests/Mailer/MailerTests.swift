import MailCore
import MailMIME
import SMTPClient
import SMTPCore
import Synchronization
import Testing

@Suite struct MailerTests {
    private static let opening = SMTPConnectionTests.opening
    private static let oneMessage = SMTPConnectionTests.oneMessage
    private static let closing = SMTPConnectionTests.closing

    @Test func sendsMessagesOverOneConnectionAndSaysGoodbye() async throws {
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + Self.oneMessage + Self.closing)
        try await withMailer(.of(server)) { mailer in
            for _ in 1...2 {
                let receipt = try await mailer.send(message(to: "bob"))
                #expect(receipt.accepted == [try EmailAddress("bob@mx.example")] && receipt.rejected.isEmpty)
                #expect(receipt.reply?.code == 250)
            }
        }
        #expect(server.heard.text.split(separator: "EHLO").count == 1)
        #expect(server.heard.text.contains("\r\nSubject: Greeting\r\n"))
        #expect(server.heard.text.hasSuffix("QUIT\r\n"))
        try await server.stop()
    }

    @Test func saysGoodbyeThoughTheClosureThrows() async throws {
        struct Other: Error {}
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + Self.closing)
        await #expect(throws: Other.self) {
            try await withMailer(.of(server)) { mailer in
                try await mailer.send(message(to: "bob"))
                throw Other()
            }
        }
        #expect(server.heard.text.hasSuffix("QUIT\r\n"))
        try await server.stop()
    }

    @Test func whatTheServerOffersIsUsed() async throws {
        let server = try await ScriptedServer(
            ScriptedServer.Step.opening("PIPELINING", "CHUNKING", "8BITMIME", "SMTPUTF8", "SIZE 0", "DSN") + [
                .hear(" LAST\r\n"), .say("250 ok\r\n250 ok\r\n"), .hear("grün\r\n"), .say("250 ok\r\n"),
            ])
        let mailer = Mailer(try .of(server))
        var recipient = EnvelopeRecipient(try EmailAddress("jürgen@mx.example"))
        recipient.notify = .never
        let envelope = Envelope(
            reversePath: .null, recipients: [recipient], options: EnvelopeOptions(return: .headers, envelopeID: "a b"))
        try await mailer.send(Array("Subject: x\r\n\r\ngrün\r\n".utf8), envelope: envelope)
        let expected =
            "MAIL FROM:<> SIZE=21 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+20b\r\n"
            + "RCPT TO:<jürgen@mx.example> NOTIFY=NEVER\r\nBDAT 21 LAST\r\n"
        #expect(server.heard.text.contains(expected))
        try await server.stop()
    }

    private static let toBob = Envelope(
        reversePath: .null,
        recipients: ["bob@mx.example"].compactMap { try? EmailAddress($0) }.map { EnvelopeRecipient($0) })

    @Test func aServerWithoutEightBitsGetsTheMessageEncoded() async throws {
        let server = try await ScriptedServer(
            ScriptedServer.Step.opening("PIPELINING") + [
                .hear("DATA\r\n"), .say("250 ok\r\n250 ok\r\n354 go\r\n"), .hear("\r\n.\r\n"), .say("250 ok\r\n"),
            ])
        let header = "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        let message = header + "Content-Transfer-Encoding: 8bit\r\n\r\nViele Grüße, heute ohne Regen\r\n"
        try await Mailer(.of(server)).send(Array(message.utf8), envelope: Self.toBob)
        #expect(!server.heard.text.contains("BODY="))
        #expect(server.heard.text.contains("quoted-printable\r\n\r\nViele Gr=C3=BC=C3=9Fe, heute ohne Regen\r\n.\r\n"))
        try await server.stop()
    }

    @Test func whatIsSignedIsNotSentWhereItWouldHaveToBeChanged() async throws {
        let server = try await ScriptedServer(ScriptedServer.Step.opening("PIPELINING") + [.hear("QUIT"), .close])
        let header = "MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n"
        let part = "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n"
        let error = try await #require(throws: SMTPError.self) {
            try await withMailer(.of(server)) { mailer in
                _ = try await mailer.send(Array("\(header)\(part)--b--\r\n".utf8), envelope: Self.toBob)
            }
        }
        #expect(error.description.contains("8BITMIME"))
        #expect(!server.heard.text.contains("MAIL"))
        try await server.stop()
    }

    @Test func eachRecipientHasAResult() async throws {
        let server = try await ScriptedServer(
            Self.opening + [
                .hear("DATA\r\n"), .say("250 ok\r\n550 5.1.1 no bob\r\n450 4.2.1 later\r\n250 ok\r\n354 go\r\n"),
                .hear("\r\n.\r\n"), .say("250 2.0.0 Ok: queued as 4C7F2.\r\n"),
            ])
        let receipt = try await Mailer(.of(server)).send(message(to: "bob", "cid", "dora"))
        #expect(receipt.recipients.map(\.isAccepted) == [false, false, true])
        #expect(receipt.rejected.map(\.isTransient) == [false, true])
        #expect(receipt.rejected.map(\.description).first == "bob@mx.example: 550 5.1.1 no bob")
        #expect(receipt.queueID == "4C7F2")
        try await server.stop()
    }

    @Test func whereNobodyIsTakenTheErrorHasEachRecipient() async throws {
        let server = try await ScriptedServer(
            Self.opening + [
                .hear("DATA\r\n"), .say("250 ok\r\n550 5.1.1 no bob\r\n450 4.2.1 later\r\n554 nobody\r\n"),
                .hear("RSET\r\n"), .close,
            ])
        let error = try await #require(throws: SMTPError.self) {
            try await Mailer(.of(server)).send(message(to: "bob", "cid"))
        }
        #expect(error.recipients.map(\.isTransient) == [false, true])
        #expect(error.stage == .rcpt && error.isTransient && !error.isUncertain)
        #expect(error.reply?.code == 450)
        try await server.stop()
    }

    @Test func moreRecipientsThanATransactionBearsGetMoreTransactions() async throws {
        let transaction: [ScriptedServer.Step] = [
            .hear("DATA\r\n"), .say("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n"), .hear("\r\n.\r\n"), .say("250 ok\r\n"),
        ]
        let last: [ScriptedServer.Step] = [
            .hear("DATA\r\n"), .say("250 ok\r\n550 no\r\n554 nobody\r\n"), .hear("RSET\r\n"), .say("250 ok\r\n"),
        ]
        let server = try await ScriptedServer(
            ScriptedServer.Step.opening("PIPELINING", "LIMITS RCPTMAX=2") + transaction + transaction + last)
        let receipt = try await Mailer(.of(server)).send(message(to: "a", "b", "c", "d", "e"))
        #expect(receipt.recipients.map(\.isAccepted) == [true, true, true, true, false])
        try await server.stop()
    }

    @Test func aMessageWithoutRecipientIsNotSent() async throws {
        let mailer = Mailer(transport: MemoryTransport())
        let error = try await #require(throws: SMTPError.self) { try await mailer.send(message()) }
        #expect(error.description.contains("no recipient") && !error.isTransient)
    }

    @Test func aMessageThatIsTooLargeIsNotSent() async throws {
        let memory = MemoryTransport()
        let mailer = Mailer(transport: memory, largestMessage: 1_000)
        let text = String(repeating: "x", count: 1_001)
        await #expect(throws: SMTPError.self) { try await mailer.send(message(to: "bob", text: text)) }
        let envelope = Envelope(for: try message(to: "bob"))
        await #expect(throws: SMTPError.self) { try await mailer.send(Array(text.utf8), envelope: envelope) }
        #expect(memory.submissions.isEmpty)
    }

    /// A line end in an address would be a command of the attacker's; there is no such address, in no way.
    @Test func noAddressEndsItsLine() throws {
        #expect(throws: CompositionError.self) { try Mailbox(parsing: "bob@mx.example\r\nRCPT TO:<eve@mx.example>") }
        #expect(throws: CompositionError.self) {
            try MailMessage(from: "ann@client.example", to: ["bob@mx.example"], subject: "x\r\nBcc: eve@mx.example")
        }
    }

    @Test func theDialogueIsTold() async throws {
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + Self.closing)
        let lines = Mutex<[String]>([])
        var configuration = try MailerConfiguration.of(server)
        configuration.client.transcript = { line in lines.withLock { $0.append(line.description) } }
        try await withMailer(configuration) { _ = try await $0.send(message(to: "bob", text: "secret")) }
        let dialogue = lines.withLock(\.self)
        #expect(dialogue.first == "< 220 mx ESMTP" && dialogue.last == "< 221 bye")
        #expect(!dialogue.contains { $0.contains("secret") })
        try await server.stop()
    }
}
