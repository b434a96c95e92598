import MailMIME
import Testing

@Suite struct EncodingTests {
    /// Octets of every value, in runs of every length up to two lines.
    static let samples = [0, 1, 2, 3, 4, 56, 57, 58, 114, 115, 300].map { count in
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
    }

    @Test(arguments: samples) func base64IsWhatPythonWrites(bytes: [UInt8]) throws {
        let script = "import sys, base64; sys.stdout.buffer.write(base64.b64encode(sys.stdin.buffer.read()))"
        #expect(try Base64.encode(bytes) == Python.run(script, input: bytes))
    }

    @Test(arguments: samples) func base64LinesAreOf76CharactersAndReadBack(bytes: [UInt8]) throws {
        let encoded = Base64.encodeLines(bytes)
        let lines = String(decoding: encoded, as: UTF8.self).split(separator: "\r\n")
        #expect(lines.dropLast().allSatisfy { $0.utf8.count == 76 } && (lines.last?.utf8.count ?? 0) <= 76)
        let script = "import sys, base64; sys.stdout.buffer.write(base64.b64decode(sys.stdin.buffer.read()))"
        #expect(try Python.run(script, input: encoded) == bytes)
    }

    @Test(arguments: [
        "", "plain\r\n", "a = b\r\n", "blank at the end \r\ntab\t\r\n \r\n", "no line end ", "Grüße, 世界 👩‍👩‍👧‍👦\r\n",
        String(repeating: "x", count: 75) + "\r\n", String(repeating: "x", count: 76) + "\r\n",
        String(repeating: "x", count: 77) + "\r\n", String(repeating: "ü", count: 500), "bare \n and \r stay\r\n",
    ])
    func quotedPrintableReadsBackAndKeepsItsLinesShort(text: String) throws {
        let encoded = QuotedPrintable.encode(Array(text.utf8))
        #expect(encoded.allSatisfy { $0 < 0x7F })
        for line in String(decoding: encoded, as: UTF8.self).components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 76)
            #expect(!line.hasSuffix(" ") && !line.hasSuffix("\t"))
        }
        let script = "import sys, quopri; sys.stdout.buffer.write(quopri.decodestring(sys.stdin.buffer.read()))"
        #expect(try Python.run(script, input: encoded) == Array(text.utf8))
    }

    @Test func quotedPrintableChangesNoMoreThanItMust() {
        #expect(QuotedPrintable.encode(Array("a=b c\r\n".utf8)) == Array("a=3Db c\r\n".utf8))
        let full = String(repeating: "x", count: 76) + "\r\n"
        #expect(QuotedPrintable.encode(Array(full.utf8)) == Array(full.utf8))
    }
}

extension String {
    /// The pieces between a separator, empty ones too. On Unicode scalars: CRLF is one character to Swift.
    func components(separatedBy separator: String) -> [String] {
        var pieces: [String] = []
        var rest = Array(utf8)[...]
        while let range = rest.firstRange(of: separator.utf8) {
            pieces.append(String(decoding: rest[..<range.lowerBound], as: UTF8.self))
            rest = rest[range.upperBound...]
        }
        return pieces + [String(decoding: rest, as: UTF8.self)]
    }
}
