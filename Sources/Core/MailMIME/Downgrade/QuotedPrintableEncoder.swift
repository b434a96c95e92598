import MailCore

/// Quoted-printable (RFC 2045 §6.7) for octets that come in pieces. CRLF ends a line; every other CR and LF is encoded.
struct QuotedPrintableEncoder {
    /// A line that goes on needs room for the `=` that says so.
    static let longestLine = 75

    private var column = 0
    /// A blank that may turn out to be the last of its line, where it would be lost on the way.
    private var heldBlank: UInt8?
    private var heldCR = false

    mutating func take(_ octet: UInt8, into output: inout [UInt8]) {
        if heldCR {
            heldCR = false
            if octet == ASCII.lf { return endLine(into: &output) }
            releaseBlank(into: &output)
            encode(ASCII.cr, into: &output)
        }
        if octet == ASCII.cr {
            heldCR = true
            return
        }
        releaseBlank(into: &output)
        if octet == ASCII.space || octet == ASCII.tab {
            heldBlank = octet
        } else if octet == UInt8(ascii: "-"), column + 1 > Self.longestLine {
            // At the beginning of a line that goes on it could become a boundary that is none.
            encode(octet, into: &output)
        } else if octet > ASCII.space, octet < 0x7F, octet != UInt8(ascii: "=") {
            makeRoom(1, into: &output)
            output.append(octet)
        } else {
            encode(octet, into: &output)
        }
    }

    /// - Parameter isEndOfMessage: then a line that the text left open is ended so that it is open when it is decoded.
    mutating func finish(isEndOfMessage: Bool, into output: inout [UInt8]) {
        if heldCR {
            releaseBlank(into: &output)
            encode(ASCII.cr, into: &output)
        } else if let blank = heldBlank {
            encode(blank, into: &output)
        }
        if isEndOfMessage, column > 0 { breakLine(into: &output) }
    }

    private mutating func endLine(into output: inout [UInt8]) {
        if let blank = heldBlank { encode(blank, into: &output) }
        heldBlank = nil
        output += [ASCII.cr, ASCII.lf]
        column = 0
    }

    private mutating func releaseBlank(into output: inout [UInt8]) {
        guard let blank = heldBlank else { return }
        heldBlank = nil
        makeRoom(1, into: &output)
        output.append(blank)
    }

    private mutating func encode(_ octet: UInt8, into output: inout [UInt8]) {
        makeRoom(3, into: &output)
        output.append(UInt8(ascii: "="))
        output += Hexadecimal.digits(of: octet)
    }

    private mutating func makeRoom(_ count: Int, into output: inout [UInt8]) {
        if column + count > Self.longestLine { breakLine(into: &output) }
        column += count
    }

    private mutating func breakLine(into output: inout [UInt8]) {
        output += [UInt8(ascii: "="), ASCII.cr, ASCII.lf]
        column = 0
    }
}
