import MailCore

/// Text beyond ASCII in a header field (RFC 2047), as a run of encoded words that no character is split between.
enum EncodedWord {
    /// The longest word. The RFC allows 75; this leaves room for the field's name in the first line.
    private static let longestWord = 64
    private static let overhead = "=?utf-8?q??=".utf8.count

    /// The words, in the shorter one of the two encodings. Between them there is a blank or a fold, which is no text.
    static func words(of text: String) -> [String] {
        let quotedLength = text.utf8.reduce(0) { $0 + (isPlain($1) ? 1 : 3) }
        let isQuoted = quotedLength <= text.utf8.count * 4 / 3
        let room = longestWord - overhead
        var words: [String] = []
        var piece: [UInt8] = []
        var pieceLength = 0
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            let length = isQuoted ? quoted(bytes).utf8.count : bytes.count
            if pieceLength + length > (isQuoted ? room : room / 4 * 3) {
                words.append(word(piece, isQuoted: isQuoted))
                (piece, pieceLength) = ([], 0)
            }
            piece += bytes
            pieceLength += length
        }
        if !piece.isEmpty { words.append(word(piece, isQuoted: isQuoted)) }
        return words
    }

    private static func word(_ bytes: [UInt8], isQuoted: Bool) -> String {
        isQuoted ? "=?utf-8?q?\(quoted(bytes))?=" : "=?utf-8?b?\(String(utf8: Base64.encode(bytes)))?="
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        String(
            utf8: bytes.flatMap { byte -> [UInt8] in
                if byte == ASCII.space { return [UInt8(ascii: "_")] }
                return isPlain(byte) ? [byte] : [UInt8(ascii: "=")] + Hexadecimal.digits(of: byte)
            })
    }

    /// What may stand for itself also in a display name (RFC 2047 §5 (3)).
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte.isASCIILetterOrDigit || "!*+-/".utf8.contains(byte)
    }
}
