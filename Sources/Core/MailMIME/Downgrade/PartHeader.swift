import MailCore

/// The header of one part, as a walk through a message meets it.
struct PartHeader: Sendable {
    enum Kind: Sendable {
        case leaf, multipart, message
    }

    /// As it stands, with the empty line behind it where there is one.
    let bytes: [UInt8]
    let fields: [FieldRecord]
    let kind: Kind
    /// How many parts lie around it.
    let depth: Int
    /// Whether it is the header of a message, not of a part of a multipart.
    let isMessageHeader: Bool
    let isMessageByDefault: Bool
    /// Octets of the empty line that ends it; 0 where there is none.
    let endLength: Int

    func fields(named name: StaticString) -> [FieldRecord] {
        bytes.withUnsafeBytes { bytes in fields.filter { $0.isNamed(name, in: bytes) } }
    }

    /// The media type in lower case, as `MessagePart` reads it.
    var mediaType: String {
        if let field = fields(named: "content-type").first,
            let type = ParameterizedValue(Array(bytes[field.value]))?.value, type.utf8.contains(UInt8(ascii: "/"))
        {
            return type
        }
        return isMessageByDefault ? "message/rfc822" : "text/plain"
    }

    var transferEncoding: TransferEncoding {
        fields(named: "content-transfer-encoding").first
            .map { TransferEncoding(fieldValue: Array(bytes[$0.value])) } ?? .identity
    }

    /// What the header says of a body that is not encoded; 7bit where it says nothing.
    var declared: EnvelopeOptions.Body {
        guard let field = fields(named: "content-transfer-encoding").first else { return .sevenBit }
        var cursor = HeaderCursor(Array(bytes[field.value]))
        cursor.skipBlanks()
        let word = cursor.take { $0 > ASCII.space && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "(") }
        switch String(utf8: word.map(\.asciiLowercased)) {
        case "8bit", "8-bit": return .eightBit
        case "binary": return .binary
        default: return .sevenBit
        }
    }
}
