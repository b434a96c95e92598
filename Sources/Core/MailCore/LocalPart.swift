/// The part of an address before the `@` (RFC 5321 §4.1.2). Its case is kept; whether it is written quoted is not part
/// of its value: `"ann"` and `ann` are one local part.
public struct LocalPart: Hashable, Sendable, CustomStringConvertible {
    /// The longest local part in octets (RFC 5321 §4.5.3.1.1).
    public static let maximumLength = 64

    /// The value with quotes and backslashes taken away.
    public let text: String

    /// - Throws: `AddressError` if `text` is empty, too long, or holds a control character.
    public init(_ text: String) throws(AddressError) {
        guard !text.isEmpty else { throw AddressError("the local part is empty") }
        guard text.utf8.count <= Self.maximumLength else {
            throw AddressError("the local part is longer than \(Self.maximumLength) octets")
        }
        guard !text.hasControlOrLineEnd else { throw AddressError("the local part has a control character") }
        self.text = text
    }

    /// As it stands on the wire: a dot-string where that is possible, a quoted string elsewhere.
    public var description: String {
        if Self.isDotString(text.utf8) { return text }
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }

    /// The name under which two local parts are the same user: letters of ASCII in lower case.
    public var folded: String {
        text.utf8.contains { $0 >= 0x80 } ? text.lowercased() : String(utf8: text.utf8.map(\.asciiLowercased))
    }

    private static func isDotString(_ bytes: String.UTF8View) -> Bool {
        var previous = ASCII.dot
        for byte in bytes {
            guard byte.isAtext || (byte == ASCII.dot && previous != ASCII.dot) else { return false }
            previous = byte
        }
        return previous != ASCII.dot
    }
}
