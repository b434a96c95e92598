import MailCore

/// The text of a message, in the encoding that changes least of it: as it is, quoted-printable, or base64.
package struct TextBody {
    private static let longestLine = 78

    package let transferEncoding: String
    /// Ends with CRLF.
    package let bytes: [UInt8]

    /// - Parameter text: lines with ends of any kind; a line end behind the last one is added where there is none.
    package init(_ text: String) {
        self.init(octets: Array(text.utf8))
    }

    package init(octets: [UInt8]) {
        let lines = Self.withMailLineEnds(octets)
        if Self.isPlain(lines) {
            (transferEncoding, bytes) = ("7bit", lines)
            return
        }
        let quoted = QuotedPrintable.encode(lines)
        if quoted.count <= lines.count * 3 / 2 {
            (transferEncoding, bytes) = ("quoted-printable", quoted)
        } else {
            (transferEncoding, bytes) = ("base64", Base64.encodeLines(lines))
        }
    }

    private static func withMailLineEnds(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 32 + 2)
        var previous: UInt8 = 0
        for byte in text {
            if byte == ASCII.cr || (byte == ASCII.lf && previous != ASCII.cr) {
                output += [ASCII.cr, ASCII.lf]
            } else if byte != ASCII.lf {
                output.append(byte)
            }
            previous = byte
        }
        if let last = output.last, last != ASCII.lf { output += [ASCII.cr, ASCII.lf] }
        return output
    }

    /// Whether the lines are short and printable ASCII.
    private static func isPlain(_ lines: [UInt8]) -> Bool {
        var column = 0
        for byte in lines {
            if byte == ASCII.cr || byte == ASCII.lf {
                column = 0
                continue
            }
            column += 1
            if column > longestLine || byte >= 0x80 || (byte.isASCIIControl && byte != ASCII.tab) { return false }
        }
        return true
    }
}
