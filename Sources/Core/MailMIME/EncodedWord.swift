import MailCore

/// Text beyond ASCII in a header field (RFC 2047), as a run of encoded words that no character is split between.
enum EncodedWord {
    /// The longest word. The RFC allows 75; this leaves room for the field's name in the first line.
    private static let longestWord = 64
    private static let overhead = "=?utf-8?q??=".utf8.count

    /// The words, in the shorter one of the two encodings. Between them there is a blank or a fold, which is no text.
    static func words(of text: String) -> [String] {
        let octets = Array(text.utf8)
        let quotedLength = octets.reduce(0) { $0 + width($1) }
        let isQuoted = quotedLength <= octets.count * 4 / 3
        let room = isQuoted ? longestWord - overhead : (longestWord - overhead) / 4 * 3
        var words: [String] = []
        var (start, position, length) = (0, 0, 0)
        while position < octets.count {
            let end = endOfCharacter(in: octets, at: position)
            let added = isQuoted ? octets[position..<end].reduce(0) { $0 + width($1) } : end - position
            if length + added > room {
                words.append(word(octets[start..<position], isQuoted: isQuoted))
                (start, length) = (position, 0)
            }
            length += added
            position = end
        }
        if start < octets.count { words.append(word(octets[start...], isQuoted: isQuoted)) }
        return words
    }

    private static func endOfCharacter(in octets: [UInt8], at start: Int) -> Int {
        var end = start + 1
        while end < octets.count, octets[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }

    private static func word(_ bytes: ArraySlice<UInt8>, isQuoted: Bool) -> String {
        var output = Array((isQuoted ? "=?utf-8?q?" : "=?utf-8?b?").utf8)
        if isQuoted { appendQuoted(bytes, to: &output) } else { output += Base64.encode(bytes) }
        output += "?=".utf8
        return String(utf8: output)
    }

    private static func appendQuoted(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            if byte == ASCII.space {
                output.append(UInt8(ascii: "_"))
            } else if isPlain(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "="))
                output.append(Hexadecimal.digit(byte >> 4))
                output.append(Hexadecimal.digit(byte & 15))
            }
        }
    }

    private static func width(_ byte: UInt8) -> Int { isPlain(byte) ? 1 : 3 }

    /// What may stand for itself also in a display name (RFC 2047 §5 (3)).
    private static func isPlain(_ byte: UInt8) -> Bool {
        if byte.isASCIILetterOrDigit { return true }
        switch byte {
        case ASCII.space, UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"):
            return true
        default: return false
        }
    }
}
