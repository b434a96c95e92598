/// The octets that mail grammars name (RFC 5234 Appendix B, RFC 5321 §4.1.2). They are public, for
/// only what is public is inlined in other modules, and a call for each octet would be a third of a scanner's time.
public enum ASCII {
    @inlinable public static var nul: UInt8 { 0x00 }
    @inlinable public static var tab: UInt8 { 0x09 }
    @inlinable public static var lf: UInt8 { 0x0A }
    @inlinable public static var cr: UInt8 { 0x0D }
    @inlinable public static var space: UInt8 { 0x20 }
    @inlinable public static var quote: UInt8 { UInt8(ascii: "\"") }
    @inlinable public static var backslash: UInt8 { UInt8(ascii: "\\") }
    @inlinable public static var dot: UInt8 { UInt8(ascii: ".") }
    @inlinable public static var at: UInt8 { UInt8(ascii: "@") }
    @inlinable public static var colon: UInt8 { UInt8(ascii: ":") }
    @inlinable public static var less: UInt8 { UInt8(ascii: "<") }
    @inlinable public static var greater: UInt8 { UInt8(ascii: ">") }
}

extension UInt8 {
    /// `DIGIT`.
    @inlinable public var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }

    /// `ALPHA`.
    @inlinable public var isASCIILetter: Bool {
        let lower = self | 0x20
        return lower >= 0x61 && lower <= 0x7A
    }

    /// `ALPHA / DIGIT`.
    @inlinable public var isASCIILetterOrDigit: Bool { isASCIILetter || isASCIIDigit }

    /// Control characters of ASCII: C0 and DEL.
    @inlinable public var isASCIIControl: Bool { self < 0x20 || self == 0x7F }

    /// `atext` of RFC 5322 §3.2.3, widened by the UTF-8 octets of RFC 6531 §3.3.
    @inlinable public var isAtext: Bool {
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

    /// A capital letter as a small one; any other octet as it is.
    @inlinable public var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// The value of a hexadecimal digit, or nil.
    @inlinable public var hexadecimalValue: UInt8? {
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
