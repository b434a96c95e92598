/// A domain name as mail uses it (RFC 5321 §2.3.5, §4.1.2), kept in lower case; U-labels are allowed (RFC 6531 §3.3).
public struct Domain: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The longest name in octets (RFC 5321 §4.5.3.1.2).
    public static let maximumLength = 255
    /// The longest label in octets (RFC 1035 §2.3.4).
    public static let maximumLabelLength = 63

    /// The name in lower case, without a trailing dot.
    public let description: String

    /// - Throws: `AddressError` naming what is wrong with `text`.
    public init(_ text: String) throws(AddressError) {
        try self.init(bytes: Array(text.utf8))
    }

    package init(bytes: [UInt8]) throws(AddressError) {
        guard !bytes.isEmpty else { throw AddressError("the domain is empty") }
        if bytes.allSatisfy({ $0 < 0x80 }) {
            try Self.check(bytes)
            description = String(utf8: bytes.map(\.asciiLowercased))
        } else {
            description = String(utf8: bytes).lowercased()
            guard !description.hasControlOrLineEnd else { throw AddressError("the domain has a control character") }
            // Some letters take more octets in lower case.
            try Self.check(Array(description.utf8))
        }
    }

    private static func check(_ bytes: [UInt8]) throws(AddressError) {
        guard bytes.count <= maximumLength else {
            throw AddressError("the domain is longer than \(maximumLength) octets")
        }
        var labelStart = 0
        for position in 0...bytes.count where position == bytes.count || bytes[position] == ASCII.dot {
            try checkLabel(bytes[labelStart..<position])
            labelStart = position + 1
        }
    }

    private static func checkLabel(_ label: ArraySlice<UInt8>) throws(AddressError) {
        guard let first = label.first, let last = label.last else {
            throw AddressError("the domain has an empty label")
        }
        guard label.count <= maximumLabelLength else {
            throw AddressError("a label of the domain is longer than \(maximumLabelLength) octets")
        }
        guard label.allSatisfy({ $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 >= 0x80 }) else {
            throw AddressError("the domain has a character that is not a letter, digit, hyphen or dot")
        }
        guard first != UInt8(ascii: "-"), last != UInt8(ascii: "-") else {
            throw AddressError("a label of the domain begins or ends with a hyphen")
        }
    }

    /// Whether the name is the same in every mail system, without SMTPUTF8.
    public var isASCII: Bool { description.utf8.allSatisfy { $0 < 0x80 } }

    public static func < (one: Domain, other: Domain) -> Bool { one.description < other.description }
}
