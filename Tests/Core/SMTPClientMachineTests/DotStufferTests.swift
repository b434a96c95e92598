import NIOCore
import SMTPCore
import Testing

@Suite struct DotStufferTests {
    @Test(arguments: [
        ("", ""), ("a\r\n", "a\r\n"), ("a", "a\r\n"), (".\r\n", "..\r\n"), ("..a\r\n.b.\r\n", "...a\r\n..b.\r\n"),
        ("a.b\r\n", "a.b\r\n"), ("a\n.\nb", "a\r\n..\r\nb\r\n"), ("a\r.\rb", "a\r\n..\r\nb\r\n"),
        ("a\r\r\n.\r\n", "a\r\n\r\n..\r\n"), ("a\0b\r\n\0.\r\n", "ab\r\n..\r\n"), ("a\r", "a\r\n"), ("\r\n", "\r\n"),
        ("a\r\n.\r\r\n.\n\r\n", "a\r\n..\r\n\r\n..\r\n\r\n"), ("\n.\r\n", "\r\n..\r\n"),
    ])
    func stuffsDotsAndMendsLineEndsHoweverThePiecesFall(content: String, wire: String) {
        let bytes = Array(content.utf8)
        for cut in 0...bytes.count {
            #expect(encode([bytes[..<cut], bytes[cut...]]) == wire, "cut at \(cut)")
        }
        #expect(encode(bytes.indices.map { bytes[$0...$0] }) == wire, "octet by octet")
    }

    @Test func noEndOfMessageCanBeFoundInIt() {
        // Every content of up to seven of the octets that matter.
        let alphabet = Array("a.\r\n\0".utf8)
        var contents: [[UInt8]] = [[]]
        for _ in 0..<6 { contents += contents.suffix(5_000).flatMap { content in alphabet.map { content + [$0] } } }
        for content in contents {
            let wire = Array(("\r\n" + encode([content[...]])).utf8)
            let text = String(decoding: wire, as: UTF8.self).unicodeScalars
            #expect(!wire.contains(0) && !wire.contains("\r\n.\r\n".utf8), "\(content)")
            let isMended = zip(text, text.dropFirst()).allSatisfy { ($0 == "\r") == ($1 == "\n") }
            #expect(isMended && text.first == "\r" && text.last == "\n", "\(content)")
        }
    }

    @Test func aLongLineIsMendedWhereverItIsBroken() {
        for octet in ["\r", "\n", "\0", "\t", "\r\n", "\r\n.", "\n."] {
            for place in 0...50 {
                let content = String(repeating: "a", count: place) + octet + String(repeating: "b", count: 50 - place)
                let bytes = Array((content + "\r\n").utf8)
                let whole = encode([bytes[...]])
                #expect(whole == encode(bytes.indices.map { bytes[$0...$0] }), "\(content.debugDescription)")
            }
        }
    }

    @Test func contentThatNeedsNoChangePassesUncopied() {
        let piece = ByteBuffer(string: String(repeating: "all is well\r\n", count: 1_000))
        var stuffer = DotStuffer()
        let encoded = stuffer.encode(piece)
        let isSame = piece.withUnsafeReadableBytes { before in
            encoded.withUnsafeReadableBytes { before.baseAddress == $0.baseAddress }
        }
        #expect(isSame && encoded == piece)
    }

    private func encode(_ pieces: [ArraySlice<UInt8>]) -> String {
        var stuffer = DotStuffer()
        var output = ByteBuffer()
        for piece in pieces {
            output.writeImmutableBuffer(stuffer.encode(ByteBuffer(bytes: piece)))
        }
        output.writeImmutableBuffer(stuffer.finish())
        return String(buffer: output)
    }
}
