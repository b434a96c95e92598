package import MailCore

/// The name of a folder made from a configured name. It is one path component whatever the name holds: it has no slash
/// and no control character, does not begin with a dot, and two users have two names.
package struct FolderName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// The folder of a user. Everything but letters, digits and `-_+=.` is percent-encoded, and so is a dot in front;
    /// the name is folded, so that a user whose case is changed keeps the folder.
    package init(user: LocalPart) {
        var encoded: [UInt8] = []
        for byte in user.folded.utf8 {
            if Self.isPlain(byte), !(byte == ASCII.dot && encoded.isEmpty) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            }
        }
        description = String(utf8: encoded)
    }

    /// The folder of a domain. A `Domain` has no character that is more than a letter in a path.
    package init(domain: Domain) {
        description = domain.description
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isASCIILetterOrDigit || "-_+=.".utf8.contains(byte)
    }
}
