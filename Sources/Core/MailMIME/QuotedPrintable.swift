import MailCore

/// Quoted-printable (RFC 2045 §6.7): text that stays readable.
public enum QuotedPrintable {
    private static let longestLine = 76

    /// Encodes text whose lines end with CRLF; the line ends stay, and no line is longer than 76 characters.
    public static func encode(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 8)
        var column = 0
        var position = 0
        while position < text.count {
            if isLineEnd(text, at: position) {
                output += [ASCII.cr, ASCII.lf]
                column = 0
                position += 2
                continue
            }
            let isLast = position + 1 == text.count || isLineEnd(text, at: position + 1)
            let piece = encode(text[position], isLast: isLast)
            // A line that goes on needs room for the `=` that says so.
            if column + piece.count > (isLast ? longestLine : longestLine - 1) {
                output += [equals, ASCII.cr, ASCII.lf]
                column = 0
            }
            output += piece
            column += piece.count
            position += 1
        }
        return output
    }

    /// - Parameter isLast: whether the octet ends its line; a blank there would be lost on the way.
    private static func encode(_ byte: UInt8, isLast: Bool) -> [UInt8] {
        let isBlank = byte == ASCII.space || byte == ASCII.tab
        let isPlain = isBlank ? !isLast : byte > ASCII.space && byte < 0x7F && byte != equals
        return isPlain ? [byte] : [equals] + Hexadecimal.digits(of: byte)
    }

    private static func isLineEnd(_ text: [UInt8], at position: Int) -> Bool {
        position + 1 < text.count && text[position] == ASCII.cr && text[position + 1] == ASCII.lf
    }

    private static let equals = UInt8(ascii: "=")
}

enum Hexadecimal {
    private static let alphabet = Array("0123456789ABCDEF".utf8)

    /// Two digits, in capitals.
    static func digits(of byte: UInt8) -> [UInt8] {
        [alphabet[Int(byte >> 4)], alphabet[Int(byte & 15)]]
    }
}
