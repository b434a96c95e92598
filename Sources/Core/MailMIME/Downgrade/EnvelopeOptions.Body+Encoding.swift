import MailCore

extension EnvelopeOptions.Body {
    /// How it is called in Content-Transfer-Encoding (RFC 2045 §6.2).
    var encodingName: String {
        switch self {
        case .sevenBit: "7bit"
        case .eightBit: "8bit"
        case .binary: "binary"
        }
    }

    /// Whether it is more than a hop carries that carries `other`.
    func exceeds(_ other: Self) -> Bool {
        switch (self, other) {
        case (.sevenBit, _), (_, .binary), (.eightBit, .eightBit): false
        case (.eightBit, .sevenBit), (.binary, .sevenBit), (.binary, .eightBit): true
        }
    }
}
