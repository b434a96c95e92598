import Foundation
import MailCore
import MailMIME
import Testing

/// Random values of every property, many times: whatever is composed is fit for the wire and reads back the same.
@Suite struct RoundTripTests {
    @Test(arguments: 1...4) func anyMessageReadsBack(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let messages = try (0..<100).map { _ in try values.message() }
        for message in messages {
            expectFitForTheWire(message.bytes, longestLine: 998, sourceLocation: #_sourceLocation)
        }
        for (message, parsed) in zip(messages, try Python.parse(messages.map(\.bytes))) {
            expectSame(parsed, message)
        }
    }

    private func expectSame(_ parsed: ParsedMessage, _ message: MailMessage) {
        let comment = Comment(rawValue: String(decoding: message.bytes, as: UTF8.self))
        let pairs = { (mailboxes: [Mailbox]) in mailboxes.map { [$0.displayName ?? "", "\($0.address)"] } }
        #expect(parsed.defects.isEmpty, comment)
        #expect(parsed.from == pairs([message.from]), comment)
        #expect(parsed.to == pairs(message.to), comment)
        #expect(parsed.cc == pairs(message.cc), comment)
        #expect(parsed.replyTo == pairs(message.replyTo), comment)
        #expect(parsed.subject == message.subject, comment)
        #expect(parsed["X-Random"] == message.fields.map(\.value), comment)
        #expect(parsed.text == lines(message.text), comment)
        #expect(parsed.html == lines(message.html), comment)
        #expect(Set(parsed.attachments.map(\.fileName)) == Set(message.attachments.map(\.fileName)), comment)
        #expect(parsed.attachments.map(\.bytes.count).reduce(0, +) == size(message.attachments), comment)
    }

    private func size(_ attachments: [MailAttachment]) -> Int {
        attachments.reduce(0) { $0 + Int($1.content.size) }
    }

    private func lines(_ text: String?) -> Data? {
        guard let text else { return nil }
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        return Data((lines.isEmpty || lines.hasSuffix("\n") ? lines : lines + "\n").replacing("\n", with: "\r\n").utf8)
    }
}

/// Values made of what is easily damaged, the same for the same seed.
private struct RandomValues {
    private static let pieces = [
        "a", "B7", " ", "  ", ",", ";", ":", "\"", "\\", "(", ")", "<", ">", "@", "[", "]", "=?", "?=", "=", "_", "'",
        "*", "%", ".", "--", "ä", "世界", "👩‍👩‍👧‍👦", "e\u{301}", "שלום", "=?utf-8?q?x?=", "word", " a long word ",
        "From ", ">", "=_", "boundary",
    ]
    private static let breaks = ["\n", "\r\n", "\n\n", " \n", "\t\n", "\n.\n", "\n.", "\nFrom ", "\n--", "\n>", "\n "]

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func message() throws -> MailMessage {
        let (text, html) = (body(), body())
        return try MailMessage(
            from: mailbox(), to: mailboxes(from: 1), cc: mailboxes(), replyTo: mailboxes(), subject: line(), text: text,
            html: below(2) == 0 ? html : nil, attachments: attachments(), date: Timestamp(microseconds: 0),
            messageID: "\(below(1_000_000))@example.org", fields: fields())
    }

    private mutating func mailboxes(from least: Int = 0) throws -> [Mailbox] {
        try (0..<(least + below(4))).map { _ in try mailbox() }
    }

    private mutating func mailbox() throws -> Mailbox {
        let name = line()
        return try Mailbox(EmailAddress("a\(below(1_000))@example.org"), displayName: name.isEmpty ? nil : name)
    }

    private mutating func attachments() throws -> [MailAttachment] {
        try (0..<below(4)).map { index in
            try MailAttachment(
                fileName: "\(index)\(line())", contentType: "application/x-random",
                contentID: below(2) == 0 ? "\(index)@example.org" : nil,
                bytes: (0..<below(300)).map { _ in UInt8(below(256)) })
        }
    }

    private mutating func fields() throws -> [MailField] {
        try (0..<below(3)).map { _ in try MailField("X-Random", line()) }
    }

    private mutating func line() -> String {
        (0..<below(below(3) == 0 ? 60 : 8)).map { _ in Self.pieces[below(Self.pieces.count)] }.joined()
    }

    private mutating func body() -> String {
        (0..<below(12)).map { _ in line() + Self.breaks[below(Self.breaks.count)] }.joined()
    }

    /// From 0 to below the bound (SplitMix64).
    private mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(bound))
    }
}
