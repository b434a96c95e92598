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

    @Test func `a letter that combines with what stands before it is read as it was written`() throws {
        var envelope = Envelope(reversePath: .mailbox(try EmailAddress("\u{301}a@example.org")))
        envelope.options = EnvelopeOptions(smtputf8: true, envelopeID: "\u{308}")
        envelope.recipients = [
            EnvelopeRecipient(
                try EmailAddress("\u{300}@example.org"),
                original: OriginalRecipient(addressType: "utf-8", address: "\u{327}c"))
        ]
        #expect(try DropHead(lines: DropHead(envelope).lines).envelope == envelope)
    }

    /// Whoever may leave mail may write anything into the file.
    @Test func `whatever is in the lines, what is understood of them is what they would be written as`() throws {
        var generator = Numbers(state: 7)
        let lines = DropHead(try Self.envelope()).lines
        var understood = 0
        for _ in 0..<20_000 {
            var changed = lines
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.change(&changed, &generator) }
            guard let head = try? DropHead(lines: changed) else { continue }
            understood += 1
            #expect(try DropHead(lines: head.lines) == head, "\(String(decoding: changed, as: UTF8.self))")
            #expect(!head.envelope.recipients.isEmpty)
        }
        #expect((1_000...19_000).contains(understood))
    }

    /// Numbers that look random and are the same each time.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// Takes octets away, puts others in, or moves a piece.
    private static func change(_ octets: inout [UInt8], _ generator: inout Numbers) {
        let special = Array(" \n;<>@\"\\,.\r\t\0".utf8) + Array("\u{301}".utf8) + [0xFF, 0x80]
        let start = Int.random(in: 0...octets.count, using: &generator)
        let end = min(octets.count, start + Int.random(in: 0...12, using: &generator))
        let piece = Array(octets[start..<end])
        switch UInt8.random(in: 0..<3, using: &generator) {
        case 0: octets.removeSubrange(start..<end)
        case 1: octets.insert(special.randomElement(using: &generator) ?? 0, at: start)
        default: octets.insert(contentsOf: piece, at: Int.random(in: 0...octets.count, using: &generator))
        }
    }
}
