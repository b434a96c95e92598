import CText
import MailCore

/// The text of a message, in the encoding that changes least of it: as it is, flowed, quoted-printable, or base64.
package struct TextBody {
    private static let longestLine = 78
    /// RFC 5322 §2.1.1, without the line end.
    private static let longestPermittedLine = 998

    package let transferEncoding: String
    /// Ends with CRLF.
    package let bytes: [UInt8]
    /// Whether long lines are broken where readers join them again (RFC 3676).
    let isFlowed: Bool

    /// - Parameter text: lines with ends of any kind; a line end behind the last one is added where there is none.
    package init(_ text: String) {
        self.init(octets: Array(text.utf8))
    }

    /// - Parameters:
    ///   - mayFlow: whether the text may be written as `format=flowed`.
    ///   - allows8Bit: whether text beyond ASCII may stay as it is.
    package init(octets: [UInt8], mayFlow: Bool = false, allows8Bit: Bool = false) {
        let lines = Self.withMailLineEnds(octets)
        let quoted = { QuotedPrintable.encode(lines) }
        if Self.isPlain(lines, longestLine: Self.longestLine, allows8Bit: false) {
            self.init("7bit", lines)
        } else if mayFlow, let flowed = FlowedText.encode(lines), flowed.count <= quoted().count {
            self.init("7bit", flowed, isFlowed: true)
        } else if allows8Bit, Self.isPlain(lines, longestLine: Self.longestPermittedLine, allows8Bit: true) {
            self.init("8bit", lines)
        } else {
            let quoted = quoted()
            // Base64 is a third longer than the text; what can be read at a glance may be half as long again.
            if quoted.count <= lines.count * 3 / 2 {
                self.init("quoted-printable", quoted)
            } else {
                self.init("base64", Base64.encodeLines(lines))
            }
        }
    }

    private init(_ transferEncoding: String, _ bytes: [UInt8], isFlowed: Bool = false) {
        self.transferEncoding = transferEncoding
        self.bytes = bytes
        self.isFlowed = isFlowed
    }

    private static func withMailLineEnds(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 32 + 2)
        text.withUnsafeBytes { text in
            var start = 0
            // Where the next ones of their kind are.
            var (lineFeed, carriageReturn) = (-1, -1)
            while start < text.count {
                if lineFeed < start { lineFeed = index(of: ASCII.lf, in: text, from: start) }
                if carriageReturn < start { carriageReturn = index(of: ASCII.cr, in: text, from: start) }
                let end = min(lineFeed, carriageReturn)
                output += UnsafeRawBufferPointer(rebasing: text[start..<end])
                output.append(ASCII.cr)
                output.append(ASCII.lf)
                start = end + (lineFeed == end + 1 && carriageReturn == end ? 2 : 1)
            }
        }
        return output
    }

    /// The end of the text where there is none.
    private static func index(of byte: UInt8, in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard let base = text.baseAddress, let found = memchr(base + start, Int32(byte), text.count - start) else {
            return text.count
        }
        return UnsafeRawPointer(found) - base
    }

    /// Whether the lines are short and printable.
    private static func isPlain(_ lines: [UInt8], longestLine: Int, allows8Bit: Bool) -> Bool {
        var column = 0
        for byte in lines {
            if byte == ASCII.cr || byte == ASCII.lf {
                column = 0
                continue
            }
            column += 1
            if column > longestLine || (byte >= 0x80 && !allows8Bit) || (byte.isASCIIControl && byte != ASCII.tab) {
                return false
            }
        }
        return true
    }
}
