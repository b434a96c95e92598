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
        self = fieldValue.withUnsafeBufferPointer { TransferEncoding($0) }
    }

    init(_ fieldValue: UnsafeBufferPointer<UInt8>) {
        if let common = Self.common(fieldValue) {
            self = common
            return
        }
        var cursor = HeaderCursor(Array(fieldValue))
        cursor.skipBlanks()
        let word = cursor.take { $0 > ASCII.space && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "(") }
        self = Self.named(String(utf8: word)) ?? Self.named(String(utf8: word.map(\.asciiLowercased))) ?? .unknown
    }

    /// The names that nearly all bodies have, where nothing but blanks is around them.
    private static func common(_ fieldValue: UnsafeBufferPointer<UInt8>) -> TransferEncoding? {
        let start = fieldValue.firstIndex { !$0.isBlankOrLineEnd } ?? 0
        let word = fieldValue[start...].prefix { $0 > ASCII.space }
        guard fieldValue[word.endIndex...].allSatisfy(\.isBlankOrLineEnd) else { return nil }
        func isNamed(_ name: StaticString) -> Bool {
            name.withUTF8Buffer { $0.count == word.count && zip($0, word).allSatisfy { $0 == $1.asciiLowercased } }
        }
        switch word.count {
        case 4: return isNamed("7bit") || isNamed("8bit") ? .identity : nil
        case 6: return isNamed("base64") ? .base64 : isNamed("binary") ? .identity : nil
        case 16: return isNamed("quoted-printable") ? .quotedPrintable : nil
        default: return nil
        }
    }

    private static func named(_ name: String) -> TransferEncoding? {
        switch name {
        case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "none": .identity
        case "quoted-printable", "quoted", "qp": .quotedPrintable
        case "base64", "base-64", "\"base64\"": .base64
        case "x-uuencode", "uuencode", "x-uue", "uue": .uuencode
        default: nil
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
