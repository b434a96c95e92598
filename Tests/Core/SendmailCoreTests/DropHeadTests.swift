import MailCore
import SendmailCore
import Testing

struct DropHeadTests {
    private static func envelope() throws -> Envelope {
        var envelope = Envelope(reversePath: .mailbox(try EmailAddress("\"a b\"@example.org")))
        envelope.options = EnvelopeOptions(body: .eightBit, smtputf8: true, return: .headers, envelopeID: "a b")
        envelope.recipients = [
            EnvelopeRecipient(try EmailAddress("bob@example.net"), notify: .never),
            EnvelopeRecipient(
                try EmailAddress("дима@почта.рф"), notify: [.failure, .delay],
                original: OriginalRecipient(addressType: "utf-8", address: "a;b")),
            EnvelopeRecipient(try EmailAddress("x@[192.0.2.1]")),
        ]
        return envelope
    }

    @Test func `an envelope is read as it was written`() throws {
        let envelope = try Self.envelope()
        #expect(try DropHead(lines: DropHead(envelope).lines).envelope == envelope)
        let null = Envelope(reversePath: .null, recipients: envelope.recipients)
        #expect(try DropHead(lines: DropHead(null).lines).envelope == null)
    }

    @Test func `the kind of the body changes no length`() throws {
        var envelope = try Self.envelope()
        let length = DropHead(envelope).lines.count
        envelope.options.body = .sevenBit
        #expect(DropHead(envelope).lines.count == length)
    }

    @Test func `the first line tells the lengths`() throws {
        let line = DropHead.line(envelopeLength: 12, messageLength: 3_456_789_012)
        #expect(line.count == DropHead.lineLength)
        let lengths = try #require(DropHead.lengths(line))
        #expect(lengths == (12, 3_456_789_012))
        #expect(DropHead.lengths(Array(line.dropLast())) == nil)
        #expect(DropHead.lengths(Array("martlet-drop 2".utf8) + line.dropFirst(14)) == nil)
        #expect(DropHead.lengths(DropHead.line(envelopeLength: DropHead.envelopeLimit + 1, messageLength: 0)) == nil)
    }

    @Test(arguments: [
        "", "from a@x.example", "to nobody", "notify 1\nto a@x.example", "to a@x.example\nshell rm",
        "to a@x.example\nbody 9",
        "to a@x.example\norcpt none", "to a@x.example\r",
    ])
    func `what was not written so is refused`(_ lines: String) {
        #expect(throws: DropHeadError.self) { try DropHead(lines: lines.utf8) }
    }
}
