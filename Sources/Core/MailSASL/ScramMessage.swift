/// One message of SCRAM: attributes in a fixed order (RFC 5802 §7).
struct ScramMessage {
    private var attributes: ArraySlice<Substring>

    init(_ text: Substring) {
        attributes = text.split(separator: ",", omittingEmptySubsequences: false)[...]
    }

    /// The value of the next attribute, if it is this one.
    mutating func take(_ name: Character) -> Substring? {
        guard let next = attributes.first, next.hasPrefix("\(name)=") else { return nil }
        attributes.removeFirst()
        return next.dropFirst(2)
    }

    /// Whether nothing is left, or only extensions that may be passed over.
    var hasOnlyExtensions: Bool { attributes.allSatisfy { $0.dropFirst().first == "=" && $0.first?.isLetter == true } }

    /// A name with its commas and equals signs written as they are (RFC 5802 §5.1); nil where it is not encoded well.
    static func decodeName(_ text: Substring) -> String? {
        var decoded = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "=" else {
                decoded.append(character)
                continue
            }
            switch rest.prefix(2) {
            case "2C": decoded.append(",")
            case "3D": decoded.append("=")
            default: return nil
            }
            rest = rest.dropFirst(2)
        }
        return decoded
    }

    static func encodeName(_ text: String) -> String {
        var encoded = ""
        for character in text.unicodeScalars {
            switch character {
            case ",": encoded += "=2C"
            case "=": encoded += "=3D"
            default: encoded.unicodeScalars.append(character)
            }
        }
        return encoded
    }

    /// `c=` of the last message: what the first one said of channel binding, and the binding itself.
    static func binding(header: Substring, _ binding: SASLChannelBinding?) -> String {
        SASLBase64.encode(Array(header.utf8) + (binding?.octets ?? []))
    }

    /// Printable ASCII without a comma (RFC 5802 §7).
    static func isNonce(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") }
    }
}
