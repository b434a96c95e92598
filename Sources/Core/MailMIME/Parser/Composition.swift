import MailCore

/// What a header says about the inside of its body.
enum Composition {
    case leaf
    case multipart(boundary: [UInt8], isDigest: Bool)
    case message
    /// A message in an encoding, which RFC 2045 §6.4 forbids: its parts are found once it is decoded.
    case encoded

    init(of part: PartRecord, fields: [FieldRecord], in bytes: UnsafeRawBufferPointer) {
        guard let type = part.contentType.map({ fields[$0].value }) else {
            self = part.isMessageByDefault ? .message : .leaf
            return
        }
        guard let composite = Self.prefix(of: type, in: bytes) else {
            self = .leaf
            return
        }
        let (value, boundary) = UnsafeRawBufferPointer(rebasing: bytes[type]).withMemoryRebound(to: UInt8.self) {
            Self.reading(of: $0)
        }
        switch composite {
        case .multipart:
            guard let value, value.hasPrefix("multipart") else {
                self = .leaf
                return
            }
            let octets = boundary.map { Array($0.utf8).trimmingTrailingBlanks } ?? []
            self = .multipart(boundary: octets, isDigest: value == "multipart/digest")
        case .message:
            guard value == "message/rfc822" || value == "message/global" else {
                self = .leaf
                return
            }
            let encoding =
                part.transferEncoding.map { TransferEncoding(fieldValue: Array(bytes[fields[$0].value])) } ?? .identity
            self = encoding == .base64 || encoding == .quotedPrintable ? .encoded : .message
        }
    }

    /// The media type, and the boundary that it names.
    private static func reading(of type: UnsafeBufferPointer<UInt8>) -> (value: String?, boundary: String?) {
        let boundary = PlainParameters.parameter("boundary", of: type)
        if boundary.isPlain { return (PlainParameters.value(type), boundary.value) }
        let whole = ParameterizedValue(type)
        return (whole?.value, whole?["boundary"])
    }

    private enum Kind {
        case multipart
        case message
    }

    /// Looks at the first letters only: most parts are neither.
    private static func prefix(of value: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Kind? {
        var position = value.lowerBound
        while position < value.upperBound, bytes[position] <= ASCII.space { position += 1 }
        guard position < value.upperBound else { return nil }
        if bytes[position] == UInt8(ascii: "(") {
            guard let text = ParameterizedValue(Array(bytes[value]))?.value else { return nil }
            return text.hasPrefix("multipart/") ? .multipart : text.hasPrefix("message/") ? .message : nil
        }
        guard position + 7 <= value.upperBound, bytes[position].asciiLowercased == UInt8(ascii: "m") else { return nil }
        switch bytes[position + 1].asciiLowercased {
        case UInt8(ascii: "u"): return .multipart
        case UInt8(ascii: "e"): return .message
        default: return nil
        }
    }
}

extension FieldRecord {
    /// - Parameter other: the name in lower case.
    func isNamed(_ other: StaticString, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard name.count == other.utf8CodeUnitCount else { return false }
        return other.withUTF8Buffer { expected in
            for index in expected.indices where bytes[name.lowerBound + index].asciiLowercased != expected[index] {
                return false
            }
            return true
        }
    }
}

extension [UInt8] {
    var trimmingTrailingBlanks: [UInt8] {
        var end = count
        while end > 0, self[end - 1] == ASCII.space || self[end - 1] == ASCII.tab { end -= 1 }
        return Array(self[..<end])
    }
}
