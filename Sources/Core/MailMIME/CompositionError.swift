/// Why a message cannot be composed. A value that could end a line would become a header field or a body of its own.
public enum CompositionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The named value holds CR, LF or NUL.
    case controlCharacter(in: String)
    /// The text is no `type/subtype`, or of a kind that cannot be carried in base64 (RFC 2046 §5.1, §5.2.1).
    case contentType(String)
    /// The text is no `left@right` of printable ASCII (RFC 5322 §3.6.4).
    case messageID(String)

    public var description: String {
        switch self {
        case .controlCharacter(let name): "the \(name) holds a line end or a NUL"
        case .contentType(let text): "'\(text)' is no content type of an attachment"
        case .messageID(let text): "'\(text)' is no message ID"
        }
    }

    static func check(_ text: String, _ name: String) throws(CompositionError) {
        let isBreak = { (byte: UInt8) in byte == 0x0D || byte == 0x0A || byte == 0 }
        if text.utf8.contains(where: isBreak) { throw .controlCharacter(in: name) }
    }
}
