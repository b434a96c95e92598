import MailCore

/// Changes one text that comes in pieces. What is made ends without a line end where a boundary follows.
struct TextRewriter: Sendable {
    private enum Encoder {
        case keep
        case leaveOut
        case quotedPrintable(QuotedPrintableEncoder)
        case base64(Base64LineEncoder, hasLine: Bool)
        case mendQuotedPrintable(QuotedPrintableMender)
        case mendBase64(column: Int)
    }

    private var encoder: Encoder

    init(_ change: TextChange) {
        encoder =
            switch change {
            case .keep: .keep
            case .leaveOut: .leaveOut
            case .quotedPrintable: .quotedPrintable(QuotedPrintableEncoder())
            case .base64: .base64(Base64LineEncoder(), hasLine: false)
            case .mendQuotedPrintable: .mendQuotedPrintable(QuotedPrintableMender())
            case .mendBase64: .mendBase64(column: 0)
            }
    }

    /// Whether the change turned out to be one that cannot be made.
    var isHopeless: Bool {
        if case .mendQuotedPrintable(let mender) = encoder { mender.hasTooManyBlanks } else { false }
    }

    mutating func take(_ octets: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        switch encoder {
        case .keep: output += octets
        case .leaveOut: break
        case .quotedPrintable(var coder):
            encoder = .leaveOut
            for octet in octets { coder.take(octet, into: &output) }
            encoder = .quotedPrintable(coder)
        case .base64(var coder, let hasLine):
            encoder = .leaveOut
            let lines = coder.encode(Array(octets))
            Self.append(lines, after: hasLine, to: &output)
            encoder = .base64(coder, hasLine: hasLine || !lines.isEmpty)
        case .mendQuotedPrintable(var mender):
            encoder = .leaveOut
            for octet in octets { mender.take(octet, into: &output) }
            encoder = .mendQuotedPrintable(mender)
        case .mendBase64(let column): encoder = .mendBase64(column: Self.mend(octets, column, into: &output))
        }
    }

    mutating func finish(isEndOfMessage: Bool, into output: inout [UInt8]) {
        switch encoder {
        case .keep, .leaveOut: break
        case .quotedPrintable(var coder): coder.finish(isEndOfMessage: isEndOfMessage, into: &output)
        case .base64(var coder, let hasLine):
            let lines = coder.finish()
            Self.append(lines, after: hasLine, to: &output)
            if isEndOfMessage, hasLine || !lines.isEmpty { output += [ASCII.cr, ASCII.lf] }
        case .mendQuotedPrintable(var mender): mender.finish(into: &output)
        case .mendBase64(let column): if isEndOfMessage, column > 0 { output += [ASCII.cr, ASCII.lf] }
        }
    }

    /// Appends lines without the end of the last.
    private static func append(_ lines: [UInt8], after hasLine: Bool, to output: inout [UInt8]) {
        guard !lines.isEmpty else { return }
        if hasLine { output += [ASCII.cr, ASCII.lf] }
        output += lines.dropLast(2)
    }

    private static func mend(_ octets: UnsafeRawBufferPointer, _ start: Int, into output: inout [UInt8]) -> Int {
        var column = start
        for octet in octets where Base64.isDigit(octet) {
            if column == Base64.lineLength {
                output += [ASCII.cr, ASCII.lf]
                column = 0
            }
            output.append(octet)
            column += 1
        }
        return column
    }
}

extension Base64 {
    static let lineLength = 76

    /// How many octets mean something in base64.
    static func countDigits(_ octets: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for octet in octets where isDigit(octet) { count += 1 }
        return count
    }

    /// Whether the octet means something in base64.
    fileprivate static func isDigit(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): true
        default: false
        }
    }
}
