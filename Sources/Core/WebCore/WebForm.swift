import MailCore

/// The fields of a form as a body has them: `application/x-www-form-urlencoded`.
public struct WebForm: Sendable {
    private let fields: [(name: String, value: String)]

    public init(_ fields: [(String, String)]) {
        self.fields = fields.map { (name: $0.0, value: $0.1) }
    }

    public var octets: [UInt8] {
        let text = fields.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
        return Array(text.utf8)
    }

    /// With all but letters, digits, `-`, `.` and `_` as their octets in hexadecimal. So are the two halves of the
    /// credentials of a client (RFC 6749 §2.3.1).
    public static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, octet in
            if octet.isASCIILetterOrDigit || "-._".utf8.contains(octet) {
                encoded.unicodeScalars.append(Unicode.Scalar(octet))
            } else {
                encoded += octet < 16 ? "%0" : "%"
                encoded += String(octet, radix: 16, uppercase: true)
            }
        }
    }
}
