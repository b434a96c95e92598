import MailCore

/// Makes a message that somebody else wrote fit to be sent, piece by piece: every line ends with CRLF, and the header
/// names no blind copies (Bcc, Resent-Bcc). Nothing else is changed.
public struct MessageNormalizer: Sendable {
    /// The most octets of a line in the header.
    private static let longestHeaderLine = 65_536

    private enum State {
        case firstLine
        /// - Parameter isDropped: whether the field that the line may go on with is a Bcc.
        case header(isDropped: Bool)
        case body
    }

    /// What was found in the message so far.
    public private(set) var size: UInt64 = 0
    /// Whether there is an octet beyond ASCII, so that it needs 8BITMIME (RFC 6152).
    public private(set) var has8Bit = false
    /// Whether there is one in the header, so that it needs SMTPUTF8 (RFC 6531).
    public private(set) var has8BitHeader = false
    private var state = State.firstLine
    private var line: [UInt8] = []
    private var endsWithCR = false
    private var column = 0

    public init() {}

    /// The lines that these octets complete in the header, and as much of the body as there is.
    ///
    /// - Throws: `MessageNormalizerError` where the message cannot be sent.
    public mutating func append(_ bytes: some Collection<UInt8>) throws(MessageNormalizerError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 32)
        for byte in bytes {
            if byte == ASCII.cr {
                // In CR CR LF, as some programs write it, the first one is no line end of its own.
                if endsWithCR { continue }
                endsWithCR = true
            } else if byte == ASCII.lf {
                endsWithCR = false
                try endLine(&output)
            } else {
                if endsWithCR {
                    endsWithCR = false
                    try endLine(&output)
                }
                try take(byte, &output)
            }
        }
        size += UInt64(output.count)
        return output
    }

    /// The last line, where nothing ended it.
    ///
    /// - Throws: `MessageNormalizerError` where there is no message.
    public mutating func finish() throws(MessageNormalizerError) -> [UInt8] {
        var output: [UInt8] = []
        if endsWithCR || column > 0 { try endLine(&output) }
        if case .firstLine = state { throw .noHeader }
        size += UInt64(output.count)
        return output
    }

    private mutating func take(_ byte: UInt8, _ output: inout [UInt8]) throws(MessageNormalizerError) {
        if byte == 0 { throw .nul }
        if byte >= 0x80 { has8Bit = true }
        column += 1
        if case .body = state {
            output.append(byte)
        } else {
            guard line.count < Self.longestHeaderLine else { throw .headerLineTooLong }
            line.append(byte)
        }
    }

    private mutating func endLine(_ output: inout [UInt8]) throws(MessageNormalizerError) {
        defer {
            line.removeAll(keepingCapacity: true)
            column = 0
        }
        switch state {
        case .body: output += [ASCII.cr, ASCII.lf]
        case .firstLine:
            // The separator of mbox files and of patches.
            if line.starts(with: "From ".utf8) { return }
            guard isField else { throw .noHeader }
            endHeaderLine(&output, isDropped: isBcc)
        case .header where line.isEmpty:
            output += [ASCII.cr, ASCII.lf]
            state = .body
        case .header(let isDropped):
            let goesOn = line[0] == ASCII.space || line[0] == ASCII.tab
            endHeaderLine(&output, isDropped: goesOn ? isDropped : isBcc)
        }
    }

    private mutating func endHeaderLine(_ output: inout [UInt8], isDropped: Bool) {
        state = .header(isDropped: isDropped)
        guard !isDropped else { return }
        if line.contains(where: { $0 >= 0x80 }) { has8BitHeader = true }
        output += line
        output += [ASCII.cr, ASCII.lf]
    }

    private var isField: Bool {
        guard let colon = line.firstIndex(of: ASCII.colon), colon > 0 else { return false }
        return line[..<colon].allSatisfy { $0 > ASCII.space && $0 < 0x7F }
    }

    private var isBcc: Bool {
        isNamed("bcc") || isNamed("resent-bcc")
    }
}

extension MessageNormalizer {
    /// Whether the line begins with that name, which stands here in lower case, and a colon.
    private func isNamed(_ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        return line.count > length
            && name.withUTF8Buffer { $0.elementsEqual(line.prefix(length).lazy.map(\.asciiLowercased)) }
            && line.dropFirst(length).first { $0 != ASCII.space && $0 != ASCII.tab } == ASCII.colon
    }
}

/// Why a message cannot be sent as it is.
public enum MessageNormalizerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The first line is no header field.
    case noHeader
    case headerLineTooLong
    case nul

    public var description: String {
        switch self {
        case .noHeader: "it is no message: its first line is no header field such as 'Subject: Hello'"
        case .headerLineTooLong: "a line of its header is longer than 65536 octets"
        case .nul: "it holds a NUL, which mail cannot carry"
        }
    }
}
