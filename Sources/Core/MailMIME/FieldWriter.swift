import MailCore

/// Writes header fields, folded so that no line has more than 78 characters where there is a place to fold
/// (RFC 5322 §2.2.3).
package enum FieldWriter {
    private static let longestLine = 78

    /// One field with its line end; between the tokens stand blanks or folds.
    package static func field(_ name: String, _ tokens: [String]) -> [UInt8] {
        var output: [UInt8] = []
        append(name, tokens, to: &output)
        return output
    }

    static func append(_ name: String, _ tokens: [String], to output: inout [UInt8]) {
        output += name.utf8
        output.append(ASCII.colon)
        var column = name.utf8.count + 1
        for token in tokens {
            let length = token.utf8.count
            if column + 1 + length > longestLine {
                appendLineEnd(to: &output)
                column = 0
            }
            output.append(ASCII.space)
            output += token.utf8
            column += 1 + length
        }
        appendLineEnd(to: &output)
    }

    /// A list of mailboxes, joined with commas.
    static func append(_ name: String, _ mailboxes: [Mailbox], to output: inout [UInt8]) {
        var tokens: [String] = []
        for (index, mailbox) in mailboxes.enumerated() {
            tokens += mailbox.tokens
            if index < mailboxes.count - 1 { tokens[tokens.count - 1] += "," }
        }
        append(name, tokens, to: &output)
    }

    static func appendLineEnd(to output: inout [UInt8]) {
        output.append(ASCII.cr)
        output.append(ASCII.lf)
    }
}
