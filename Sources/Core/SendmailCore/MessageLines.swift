import MailCore

/// Makes lines that end in CRLF of what a program writes to standard input: lines end there in LF, CRLF, CR CR LF or a
/// mixture. A bare CR ends a line of the body and is a blank in the header, where a line more would be a field more. NULs
/// are left out, and lines are cut at 998 octets (RFC 5322 §2.1.1).
package struct MessageLines: Sendable {
    /// Octets of a line without its end.
    package static let lineLimit = 998

    private let endsAtDot: Bool
    /// Octets of the line that is being read.
    private var length = 0
    private var isBehindCR = false
    /// Whether the line that is being read is a single dot up to now, and that dot is held back.
    private var isDot = false
    /// Whether a line with a single dot has ended the message.
    package private(set) var hasEnded = false
    package private(set) var hasEightBit = false
    /// NULs that were left out.
    package private(set) var nuls = 0
    /// Lines that were cut.
    package private(set) var cuts = 0

    /// Whether no empty line has come yet.
    private var isHeader = true

    /// - Parameter endsAtDot: whether a line with a single dot is the end. A second dot at the beginning of a line then
    ///   stands for none, as in SMTP.
    package init(endsAtDot: Bool) {
        self.endsAtDot = endsAtDot
    }

    /// Appends the lines that `bytes` make to `output`. What stands behind the final dot is ignored.
    package mutating func take(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        for byte in bytes {
            if hasEnded { return }
            if byte > ASCII.cr {
                put(byte, &output)
            } else {
                takeControl(byte, &output)
            }
        }
    }

    /// No octet follows: ends the last line, if it has none.
    package mutating func finish(into output: inout [UInt8]) {
        if isBehindCR || isDot || length > 0 { endLine(&output) }
    }

    private mutating func takeControl(_ byte: UInt8, _ output: inout [UInt8]) {
        switch byte {
        case ASCII.lf: endLine(&output)
        case ASCII.cr: isBehindCR = true
        case ASCII.nul: nuls += 1
        default: put(byte, &output)
        }
    }

    private mutating func put(_ byte: UInt8, _ output: inout [UInt8]) {
        if isBehindCR {
            isBehindCR = false
            if isHeader { put(ASCII.space, &output) } else { endLine(&output) }
        }
        if hasEnded { return }
        if length == 0, !isDot, endsAtDot, byte == ASCII.dot {
            isDot = true
            return
        }
        if isDot {
            isDot = false
            if byte != ASCII.dot { append(ASCII.dot, to: &output) }
        }
        append(byte, to: &output)
    }

    private mutating func append(_ byte: UInt8, to output: inout [UInt8]) {
        if length == Self.lineLimit {
            output += [ASCII.cr, ASCII.lf, ASCII.space]
            length = 1
            cuts += 1
        }
        if byte >= 0x80 { hasEightBit = true }
        output.append(byte)
        length += 1
    }

    private mutating func endLine(_ output: inout [UInt8]) {
        isBehindCR = false
        if isDot {
            isDot = false
            hasEnded = true
            return
        }
        if length == 0 { isHeader = false }
        output += [ASCII.cr, ASCII.lf]
        length = 0
    }
}
