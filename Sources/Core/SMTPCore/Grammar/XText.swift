import MailCore

/// The encoding of parameter values in RFC 3461 §4: `+` and two capital hexadecimal digits for what is not printable.
package enum XText {
    /// The text behind `bytes`; nil where they are no xtext, or stand for a control character or for no UTF-8.
    static func decode(_ bytes: some Collection<UInt8>) -> String? {
        var decoded: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "+") else {
                guard byte > ASCII.space, byte != 0x7F, byte != UInt8(ascii: "=") else { return nil }
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
                return nil
            }
            decoded.append(high << 4 | low)
        }
        guard !decoded.contains(where: \.isASCIIControl) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    /// `text` as xtext.
    package static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if byte > ASCII.space, byte < 0x7F, byte != UInt8(ascii: "+"), byte != UInt8(ascii: "=") {
                encoded.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "+"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(utf8: encoded)
    }
}
