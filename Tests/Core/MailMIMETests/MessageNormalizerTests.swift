import MailMIME
import Testing

/// A message of somebody else's is made fit to be sent, and otherwise left alone.
@Suite struct MessageNormalizerTests {
    static let message =
        "From: a@b\nBCC: eve@b,\n\tx@y\r\nSubject: Hi\r\r\nBcc\t: z@y\nResent-bcc: z@y\n\nBcc: text\r\rend \n."
    static let normalized = "From: a@b\r\nSubject: Hi\r\n\r\nBcc: text\r\nend \r\n.\r\n"

    @Test func linesEndWithCRLFAndBlindCopiesAreGone() throws {
        #expect(try normalize(Self.message) == Self.normalized)
        #expect(try normalize(Self.normalized) == Self.normalized)
    }

    @Test(arguments: 1...message.utf8.count) func itDoesNotMatterWhereTheMessageIsCut(pieceSize: Int) throws {
        #expect(try normalize(Self.message, pieceSize: pieceSize) == Self.normalized)
    }

    @Test func theSeparatorOfMboxFilesIsNoField() throws {
        #expect(try normalize("From a Thu Jan  1 00:00:00 1970\nA: b\n\nFrom c\n") == "A: b\r\n\r\nFrom c\r\n")
    }

    @Test func whatTheMessageNeedsIsTold() throws {
        for (text, has8Bit, has8BitHeader) in [
            ("A: b\n\nc", false, false), ("A: b\n\nü", true, false), ("A: ü\n\nc", true, true),
        ] {
            var normalizer = MessageNormalizer()
            var size = try normalizer.append(text.utf8).count
            size += try normalizer.finish().count
            #expect(normalizer.size == UInt64(size))
            #expect(normalizer.has8Bit == has8Bit)
            #expect(normalizer.has8BitHeader == has8BitHeader)
        }
    }

    @Test(arguments: ["", "\n", "Hello\n", "a b: c\n", ": c\n", "\nbody", "From a\n"])
    func whatIsNoMessageIsRefused(text: String) {
        #expect(throws: MessageNormalizerError.noHeader) { try normalize(text) }
    }

    @Test func aNULAndAnEndlessHeaderAreRefused() {
        #expect(throws: MessageNormalizerError.nul) { try normalize("A: b\n\n\0") }
        let endless = "A: " + String(repeating: "b", count: 70_000)
        #expect(throws: MessageNormalizerError.headerLineTooLong) { try normalize(endless) }
    }

    private func normalize(_ text: String, pieceSize: Int = .max) throws -> String {
        var normalizer = MessageNormalizer()
        var output: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            output += try normalizer.append(rest.prefix(pieceSize))
            rest = rest.dropFirst(pieceSize)
        }
        return String(decoding: output + (try normalizer.finish()), as: UTF8.self)
    }
}
