import MailCore

/// Undoes the encoding of a body that comes in pieces, which must be cut behind line ends.
struct BodyDecoder {
    private let encoding: TransferEncoding
    private var base64 = Base64Decoder()
    private var uuencode = UUDecoder()
    private var isClean = true

    init(_ encoding: TransferEncoding) {
        self.encoding = encoding
    }

    /// Whether the pieces may be passed on as they are.
    var isIdentity: Bool { encoding == .identity || encoding == .unknown }

    mutating func decode(_ piece: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        switch encoding {
        case .identity, .unknown: return Array(piece)
        case .quotedPrintable:
            let decoded = QuotedPrintable.decode(UnsafeRawBufferPointer(piece))
            isClean = isClean && decoded.isClean
            return decoded.bytes
        case .base64: return base64.decode(piece)
        case .uuencode: return uuencode.decode(piece)
        }
    }

    /// What is left at the end of the body.
    mutating func finish() -> [UInt8] { encoding == .base64 ? base64.finish() : [] }

    /// What was wrong in all of the body, which has ended.
    var defect: MessageDefect.Kind? {
        switch encoding {
        case .identity: nil
        case .unknown: .unknownEncoding
        case .quotedPrintable: isClean ? nil : .badEncoding
        case .base64: base64.isClean ? nil : .badEncoding
        case .uuencode: uuencode.isClean ? nil : .badEncoding
        }
    }

    /// Whether a body called uuencode was none: then it is taken as it is.
    var isMisnamed: Bool { encoding == .uuencode && !uuencode.hasBegun }

    /// Decodes a body that is there as a whole.
    static func decode(_ body: UnsafeBufferPointer<UInt8>, _ encoding: TransferEncoding) -> DecodedBody {
        var decoder = BodyDecoder(encoding)
        var bytes = decoder.decode(body)
        bytes += decoder.finish()
        return DecodedBody(bytes: decoder.isMisnamed ? Array(body) : bytes, defect: decoder.defect)
    }
}
