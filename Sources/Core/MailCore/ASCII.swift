/// The octets that mail grammars name (RFC 5234 Appendix B, RFC 5321 §4.1.2).
package enum ASCII {
    package static let nul: UInt8 = 0x00
    package static let tab: UInt8 = 0x09
    package static let lf: UInt8 = 0x0A
    package static let cr: UInt8 = 0x0D
    package static let space: UInt8 = 0x20
    package static let quote = UInt8(ascii: "\"")
    package static let backslash = UInt8(ascii: "\\")
    package static let dot = UInt8(ascii: ".")
    package static let at = UInt8(ascii: "@")
    package static let colon = UInt8(ascii: ":")
    package static let less = UInt8(ascii: "<")
    package static let greater = UInt8(ascii: ">")
}

extension UInt8 {
    package var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }

    package var isASCIILetter: Bool {
        let lower = self | 0x20
        return lower >= 0x61 && lower <= 0x7A
    }

    package var isASCIILetterOrDigit: Bool { isASCIILetter || isASCIIDigit }

    /// Control characters of ASCII: C0 and DEL.
    package var isASCIIControl: Bool { self < 0x20 || self == 0x7F }

    /// `atext` of RFC 5322 §3.2.3, widened by the UTF-8 octets of RFC 6531 §3.3.
    package var isAtext: Bool {
        if isASCIILetterOrDigit || self >= 0x80 { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    package var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// The value of a hexadecimal digit, or nil.
    package var hexadecimalValue: UInt8? {
        if isASCIIDigit { return self - 0x30 }
        let lower = self | 0x20
        return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : nil
    }
}

extension String {
    /// Whether there is a control character of C0 or C1, or one of the separators that some take for the end of a line.
    package var hasControlOrLineEnd: Bool {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.contains(where: \.isASCIIControl) }
        return unicodeScalars.contains { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x2028...0x2029).contains(scalar.value)
        }
    }
}
