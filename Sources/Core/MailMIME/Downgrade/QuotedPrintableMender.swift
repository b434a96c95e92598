import MailCore

/// Makes quoted-printable that is none fit to travel, without a change to what it decodes to: octets beyond ASCII are
/// encoded, lines that are too long are broken, and blanks at the end of a line, which mean nothing, are left out.
struct QuotedPrintableMender {
    /// More blanks than this in a row are not kept to see what follows; a plan with them fails.
    static let mostBlanks = 64 * 1_024

    private(set) var hasTooManyBlanks = false
    private var column = 0
    private var blanks: [UInt8] = []
    /// Octets that belong to an escape and must stay in its line.
    private var escapeRest = 0

    /// - Precondition: no CR or LF stands alone.
    mutating func take(_ octet: UInt8, into output: inout [UInt8]) {
        switch octet {
        case ASCII.space, ASCII.tab:
            if blanks.count < Self.mostBlanks { blanks.append(octet) } else { hasTooManyBlanks = true }
            escapeRest = 0
        case ASCII.cr: blanks.removeAll(keepingCapacity: true)
        case ASCII.lf:
            output += [ASCII.cr, ASCII.lf]
            (column, escapeRest) = (0, 0)
        default:
            releaseBlanks(into: &output)
            if octet >= 0x80 {
                append([equals] + Hexadecimal.digits(of: octet), into: &output)
                escapeRest = 0
            } else if octet == equals {
                makeRoom(3, into: &output)
                output.append(octet)
                column += 1
                escapeRest = 2
            } else if escapeRest > 0 {
                output.append(octet)
                column += 1
                escapeRest -= 1
            } else if octet == UInt8(ascii: "-"), column + 1 > QuotedPrintableEncoder.longestLine {
                append([equals] + Hexadecimal.digits(of: octet), into: &output)
            } else {
                append([octet], into: &output)
            }
        }
    }

    mutating func finish(into output: inout [UInt8]) {
        releaseBlanks(into: &output)
    }

    private mutating func releaseBlanks(into output: inout [UInt8]) {
        for blank in blanks { append([blank], into: &output) }
        blanks.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ octets: [UInt8], into output: inout [UInt8]) {
        makeRoom(octets.count, into: &output)
        output += octets
        column += octets.count
    }

    private mutating func makeRoom(_ count: Int, into output: inout [UInt8]) {
        guard column + count > QuotedPrintableEncoder.longestLine else { return }
        output += [equals, ASCII.cr, ASCII.lf]
        column = 0
    }

    private let equals = UInt8(ascii: "=")
}
