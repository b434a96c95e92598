import MailMIME
import Testing

/// Base64, quoted-printable and bodies are read many octets at a time. Wherever a line end, a cut or something foreign
/// stands, the outcome is that of reading octet by octet.
@Suite struct BlockCodingTests {
    private static let octets = (0..<150).map { UInt8(truncatingIfNeeded: $0 * 89 + $0 / 7) }
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// By the letter of RFC 4648 §4.
    private static func base64(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var rest = octets
        while !rest.isEmpty {
            let three = Array(rest.prefix(3))
            let bits = three.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - three.count))
            let digits = (0..<4).map { alphabet[bits >> (18 - 6 * $0) & 63] }
            output += digits.prefix(three.count + 1) + [UInt8](repeating: UInt8(ascii: "="), count: 3 - three.count)
            rest = rest.dropFirst(3)
        }
        return output
    }

    @Test func `octets of any number become the digits of the RFC, and come back`() {
        for count in 0...Self.octets.count {
            let octets = Self.octets[..<count]
            let digits = Self.base64(octets)
            #expect(Base64.encode(octets) == digits)
            #expect(Base64.decode(digits) == Decoding(bytes: Array(octets), isClean: true))
        }
    }

    @Test func `lines have 76 digits and end with CRLF, the last one as well`() {
        for count in 1...Self.octets.count {
            var expected: [UInt8] = []
            var rest = Self.base64(Self.octets[..<count])[...]
            while !rest.isEmpty {
                expected += rest.prefix(76) + [13, 10]
                rest = rest.dropFirst(76)
            }
            #expect(Base64.encodeLines(Array(Self.octets[..<count])) == expected)
        }
    }

    @Test func `lines of any length are read, with line ends of any kind`() {
        let digits = Self.base64(Self.octets[...])
        for length in [1, 2, 3, 4, 11, 12, 13, 15, 16, 17, 60, 64, 72, 75, 76, 77] {
            for end in [[13, 10], [10], [32, 13, 10]] as [[UInt8]] {
                var text: [UInt8] = []
                for (index, digit) in digits.enumerated() {
                    text.append(digit)
                    if index % length == length - 1 { text += end }
                }
                #expect(Base64.decode(text) == Decoding(bytes: Self.octets, isClean: true))
            }
        }
    }

    @Test func `every octet that is no digit is skipped wherever it stands, and named`() {
        let digits = Self.base64(Self.octets[..<48])
        let foreign = (0...255).filter { !Self.alphabet.contains($0) && ![9, 10, 13, 32, 61].contains($0) }
        let expected = Decoding(bytes: Array(Self.octets[..<48]), isClean: false)
        let misread = foreign.filter { octet in
            [0, 3, 7, 15, 18].contains { Base64.decode(digits[..<$0] + [octet] + digits[$0...]) != expected }
        }
        #expect(misread == [])
    }

    /// By the letter of RFC 2045 §6.8, for texts without padding.
    private static func decoded(_ text: [UInt8]) -> Decoding {
        let values = text.compactMap { alphabet.firstIndex(of: $0) }
        let octets = stride(from: 0, to: values.count, by: 4).flatMap { start in
            let four = values[start..<min(start + 4, values.count)]
            let bits = four.reduce(0) { $0 << 6 | $1 } << (6 * (4 - four.count))
            return (0..<four.count - 1).map { UInt8(bits >> (16 - 8 * $0) & 255) }
        }
        let digits = text.count { alphabet.contains($0) || [9, 10, 13, 32].contains($0) }
        return Decoding(bytes: octets, isClean: digits == text.count && values.count % 4 == 0)
    }

    @Test(arguments: [[13, 10], [10]] as [[UInt8]])
    func `any octet at any place of a line is read as what it is`(end: [UInt8]) {
        let digits = Self.base64(Self.octets[..<114])
        let text = digits[..<76] + end + digits[76...] + end
        let misread = (0..<76 + end.count).filter { place in
            (UInt8.min...UInt8.max).contains { octet in
                var changed = Array(text)
                changed[place] = octet
                return octet != UInt8(ascii: "=") && Base64.decode(changed) != Self.decoded(changed)
            }
        }
        #expect(misread == [])
    }

    @Test func `a mark of quoted-printable is found at every place, and its two digits are any`() {
        let (letters, behind) = (Array("abcdefghijklmnopqrst".utf8), Array("uvwxyz".utf8))
        let misread = (UInt8.min...UInt8.max).filter { octet in
            let digits = String(octet, radix: 16, uppercase: octet % 2 == 0)
            let mark = Array("=\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            let before = letters.prefix(Int(octet) % 20)
            return QuotedPrintable.decode(before + mark + behind).bytes != before + [octet] + behind
        }
        #expect(misread == [])
    }

    @Test(arguments: [0, 3, 7, 8, 60, 70, 74, 75, 76, 77])
    func `text of every octet comes back from quoted-printable, whatever stands beside it`(place: Int) {
        let misread = (UInt8.min...UInt8.max).filter { octet in
            let letters = [UInt8](repeating: UInt8(ascii: "a"), count: place)
            let text = letters + [octet] + Array("bcdefghijk\r\n".utf8)
            let encoded = QuotedPrintable.encode(text)
            return QuotedPrintable.decode(encoded) != Decoding(bytes: text, isClean: true)
                || encoded.split(separator: 10).contains { $0.count > 77 }
        }
        #expect(misread == [])
    }

    @Test(arguments: ["\n", "\r\n"])
    func `hyphens in a body are no boundaries, however the message is cut`(end: String) {
        let body = ["-", "a - b", "--", "-b", "--bx", "", "long --b", "- --b", "text-", "--b "]
        let lines =
            ["Content-Type: multipart/mixed; boundary=b", "", "pre-amble", "--b", "", "one-", "--b", ""] + body + [
                "", "-last", "--b--", "-behind", "",
            ]
        let text = Array(lines.joined(separator: end).utf8)
        let whole = MessageParser.parse(text)
        // The last line of `body` is a boundary with a blank behind it.
        let expected = ["one-", body.dropLast().joined(separator: end), "-last"]
        #expect(whole.root.parts.map { String(decoding: $0.rawBody, as: UTF8.self) } == expected)
        for length in [1, 2, 3, 5, 7, 16, text.count - 1] {
            var parser = MessageParser()
            for start in stride(from: 0, to: text.count, by: length) {
                parser.receive(text[start..<min(start + length, text.count)])
            }
            let cut = parser.finish()
            #expect(cut.allParts.map(\.bodyRange) == whole.allParts.map(\.bodyRange))
            #expect(cut.defects == whole.defects)
        }
    }

    @Test(arguments: [
        (" one\r\n two\r\n", "one two"), ("one \t\r\n\t two \n  three\r\n", "one two three"),
        ("a  b\r\n c\r\nNext: field\r\n", "a  b c"),
        ("\r\n Gr\u{FC}\u{DF}e\r\n aus K\u{F6}ln", "Gr\u{FC}\u{DF}e aus K\u{F6}ln"),
        ("what =\r\n ?no word\r\n", "what = ?no word"), (" \r\n \r\n", ""),
    ])
    func `a fold becomes one space, with the blanks around it`(value: String, text: String) {
        #expect(HeaderText.decode(Array(value.utf8)) == text)
    }
}
