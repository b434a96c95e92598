import MailMIME
import Testing

/// Text is read sixteen octets at a time. Whatever stands in it and wherever, the outcome is that of the plainest reading.
@Suite struct TextBlockTests {
    /// Texts made of pieces by chance, the same ones each time.
    private static func texts(_ count: Int, of pieces: [[UInt8]], upTo length: Int) -> [[UInt8]] {
        var state: UInt64 = 2045
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        return (0..<count).map { _ in (0..<draw(length + 1)).flatMap { _ in pieces[draw(pieces.count)] } }
    }

    /// By the letter of RFC 2045 §6.7, line by line.
    private static func quotedPrintable(_ text: [UInt8]) -> Decoding {
        var output: [UInt8] = []
        var isClean = true
        let lines = text.split(separator: 10, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let hasEnd = index < lines.count - 1
            let hasReturn = hasEnd && line.last == 13
            let content = hasReturn ? line.dropLast() : line
            let firm = content.prefix(
                (content.lastIndex { $0 != 32 && $0 != 9 } ?? content.startIndex - 1) + 1 - content.startIndex)
            let goesOn = firm.last == 61
            var rest = goesOn ? firm.dropLast() : hasEnd ? firm : content
            while let octet = rest.popFirst() {
                let digits = rest.prefix(2).compactMap { Int(String(UnicodeScalar($0)), radix: 16) }
                if octet == 61, digits.count == 2 {
                    output.append(UInt8(digits[0] * 16 + digits[1]))
                    rest = rest.dropFirst(2)
                } else {
                    isClean = isClean && octet != 61
                    output.append(octet)
                }
            }
            if hasEnd, !goesOn { output += hasReturn ? [13, 10] : [10] }
        }
        return Decoding(bytes: output, isClean: isClean)
    }

    @Test func `quoted-printable is read as the RFC says, however broken it is`() {
        let pieces = [
            "a", "=", "=41", "=c3", "4", " ", "\t", "\r", "\n", "\r\n", "=\r\n", "G", "plain text, longer than that",
        ]
        let texts = Self.texts(20_000, of: pieces.map { Array($0.utf8) }, upTo: 24)
        let misread = texts.filter { QuotedPrintable.decode($0) != Self.quotedPrintable($0) }
        #expect(misread == [])
    }

    @Test func `text is UTF-8 where Unicode says so, and nowhere else`() {
        let characters = [
            "ü", "\u{7FF}", "\u{800}", "世", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "😀", "\u{10FFFF}",
        ]
        let broken: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xE4, 0xB8], [0xED, 0xA0, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ]
        let whole = characters.map { Array($0.utf8) } + [Array("abc".utf8), Array("plain text".utf8)]
        // Most of the others have something broken in them.
        let texts =
            Self.texts(10_000, of: whole, upTo: 40) + Self.texts(10_000, of: whole + broken, upTo: 12)
            + broken.flatMap { wrong in
                (0..<40).map { [UInt8](repeating: 0x61, count: $0) + wrong + [UInt8](repeating: 0x61, count: 39 - $0) }
            }
        let misread = texts.filter { text in
            let reading = Charset.decode(text, label: "utf-8")
            let bytes = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
            return reading.text != String(decoding: bytes, as: UTF8.self)
                || (reading.defect == nil) != (String(validating: bytes, as: UTF8.self) != nil)
        }
        #expect(misread == [])
    }

    @Test func `in lines of base64 what is no digit is skipped at every place`() {
        let octets = (0..<171).map { UInt8(truncatingIfNeeded: $0 * 89) }
        let lines = Base64.encodeLines(octets)
        let misread = lines.indices.filter { place in
            Base64.decode(lines[..<place] + [0x2E] + lines[place...]) != Decoding(bytes: octets, isClean: false)
        }
        #expect(misread == [])
    }

    @Test func `the fields of a part lie in the order in which they were written`() {
        let message = MessageParser.parse(Array("One: a\r\nTwo: \t b \r\nTWO: c\td\r\n\r\nFour: no field\r\n".utf8))
        let fields = message.root.fields
        #expect(fields.map(\.name) == ["One", "Two", "TWO"])
        #expect(fields.map(\.text) == ["a", "b", "c\td"])
        #expect(fields[1].range == 8..<19)
        #expect(fields.reversed().first?.name == "TWO")
        #expect(message.root.field("two")?.text == "b")
    }
}
