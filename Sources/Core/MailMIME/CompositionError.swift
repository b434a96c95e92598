/// Why a message cannot be composed. A value that could end a line would become a header field or a body of its own.
public enum CompositionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The named value holds CR, LF or NUL.
    case controlCharacter(in: String)
    /// The named text holds NUL.
    case nul(in: String)
    /// The named value has more than that many octets.
    case tooLong(String, limit: Int)
    /// The text is no mailbox, `Name <address>` or an address alone.
    case mailbox(String, reason: String)
    /// The text is no `type/subtype`, or of a kind that cannot be carried in base64 (RFC 2046 §5.1, §5.2.1).
    case contentType(String)
    /// The text is no `left@right` of printable ASCII (RFC 5322 §3.6.4).
    case messageID(String)
    /// The text is no content ID: printable ASCII without blanks and angle brackets.
    case contentID(String)
    /// Two inline parts have that content ID.
    case contentIDTwice(String)
    /// A header field of that name cannot be added as it is.
    case field(String, reason: String)
    /// The file has not as many octets as was said.
    case fileChanged(path: String)

    public var description: String {
        switch self {
        case .controlCharacter(let name): "the \(name) holds a line end or a NUL"
        case .nul(let name): "the \(name) holds a NUL"
        case .tooLong(let name, let limit): "the \(name) is longer than \(limit) octets"
        case .mailbox(let text, let reason): "'\(text)' is no mailbox: \(reason)"
        case .contentType(let text): "'\(text)' is no content type of an attachment"
        case .messageID(let text): "'\(text)' is no message ID"
        case .contentID(let text): "'\(text)' is no content ID"
        case .contentIDTwice(let text): "two inline files have the content ID '\(text)'"
        case .field(let name, let reason): "the header field '\(name)' cannot be added: \(reason)"
        case .fileChanged(let path): "\(path) changed while it was read"
        }
    }

    /// The most octets in any one value of a header.
    static let longestValue = 32_768

    static func check(_ text: String, _ name: String) throws(CompositionError) {
        let isBreak = { (byte: UInt8) in byte == 0x0D || byte == 0x0A || byte == 0 }
        if text.utf8.contains(where: isBreak) { throw .controlCharacter(in: name) }
        if text.utf8.count > longestValue { throw .tooLong(name, limit: longestValue) }
    }
}
