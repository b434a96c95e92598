import MailCore

/// How a body is encoded (RFC 2045 §6).
public enum TransferEncoding: Hashable, Sendable {
    /// 7bit, 8bit or binary: as it is.
    case identity
    case quotedPrintable
    case base64
    /// Of before MIME: `begin`, lines, `end`.
    case uuencode
    case unknown

    /// - Parameter fieldValue: what follows the colon of Content-Transfer-Encoding; comments and case do not count.
    public init(fieldValue: [UInt8]) {
        var cursor = HeaderCursor(fieldValue)
        cursor.skipBlanks()
        let word = cursor.take { $0 > ASCII.space && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "(") }
        switch String(utf8: word.map(\.asciiLowercased)) {
        case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "none": self = .identity
        case "quoted-printable", "quoted", "qp": self = .quotedPrintable
        case "base64", "base-64", "\"base64\"": self = .base64
        case "x-uuencode", "uuencode", "x-uue", "uue": self = .uuencode
        default: self = .unknown
        }
    }

    func decode(_ body: ArraySlice<UInt8>) -> DecodedBody {
        switch self {
        case .identity: return DecodedBody(bytes: Array(body), defect: nil)
        case .quotedPrintable:
            let decoded = QuotedPrintable.decode(body)
            return DecodedBody(bytes: decoded.bytes, defect: decoded.isClean ? nil : .badEncoding)
        case .base64:
            let decoded = Base64.decode(body)
            return DecodedBody(bytes: decoded.bytes, defect: decoded.isClean ? nil : .badEncoding)
        case .uuencode:
            guard let decoded = UUEncoding.decode(body) else {
                return DecodedBody(bytes: Array(body), defect: .badEncoding)
            }
            return DecodedBody(bytes: decoded.bytes, defect: decoded.isClean ? nil : .badEncoding)
        case .unknown: return DecodedBody(bytes: Array(body), defect: .unknownEncoding)
        }
    }
}

/// What a decoder made of an input that may be broken.
public struct Decoding: Hashable, Sendable {
    public let bytes: [UInt8]
    /// Whether nothing had to be skipped or guessed.
    public let isClean: Bool

    public init(bytes: [UInt8], isClean: Bool) {
        self.bytes = bytes
        self.isClean = isClean
    }
}
