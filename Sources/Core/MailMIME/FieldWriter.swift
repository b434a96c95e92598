/// Writes one header field, folded so that no line has more than 78 characters where there is a place to fold
/// (RFC 5322 §2.2.3).
package struct FieldWriter {
    private static let longestLine = 78

    private var text: String
    private var column: Int

    package init(_ name: String) {
        text = name + ":"
        column = text.utf8.count
    }

    /// Adds a token behind a blank or a fold.
    package mutating func append(_ token: String) {
        let length = token.utf8.count
        if column + 1 + length > Self.longestLine {
            text += "\r\n"
            column = 0
        }
        text += " " + token
        column += 1 + length
    }

    /// The field with its line end.
    package var bytes: [UInt8] { Array(text.utf8) + [0x0D, 0x0A] }

    package static func field(_ name: String, _ tokens: [String]) -> [UInt8] {
        var writer = FieldWriter(name)
        for token in tokens { writer.append(token) }
        return writer.bytes
    }

    /// A list of mailboxes, joined with commas.
    static func field(_ name: String, _ mailboxes: [Mailbox]) -> [UInt8] {
        var tokens: [String] = []
        for (index, mailbox) in mailboxes.enumerated() {
            tokens += mailbox.tokens
            if index < mailboxes.count - 1 { tokens[tokens.count - 1] += "," }
        }
        return field(name, tokens)
    }
}
