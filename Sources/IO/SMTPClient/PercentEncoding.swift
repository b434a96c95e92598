import MailCore

/// How characters are written that mean something else in a URL (RFC 3986 §2.1).
enum PercentEncoding {
    /// - Returns: nil if a percent sign has no two digits behind it, or the octets are no UTF-8.
    static func decode(_ text: some StringProtocol) -> String? {
        var octets: [UInt8] = []
        var rest = text.utf8[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                octets.append(octet)
                continue
            }
            guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
                return nil
            }
            octets.append(high << 4 | low)
        }
        return String(validating: octets, as: UTF8.self)
    }

    /// Letters, digits and `-._~` stay as they are.
    static func encode(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, octet in
            if octet.isASCIILetterOrDigit || "-._~".utf8.contains(octet) {
                result.unicodeScalars.append(Unicode.Scalar(octet))
            } else {
                let digits = String(octet, radix: 16, uppercase: true)
                result += octet < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init)
    }
}
