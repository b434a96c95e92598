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
        var column = appendName(name, to: &output)
        for token in tokens { append(token, column: &column, to: &output) }
        appendLineEnd(to: &output)
    }

    /// A list of mailboxes, joined with commas.
    static func append(_ name: String, _ mailboxes: [Mailbox], to output: inout [UInt8]) {
        var column = appendName(name, to: &output)
        for (index, mailbox) in mailboxes.enumerated() {
            var tokens = mailbox.tokens
            let last = tokens.removeLast()
            for token in tokens { append(token, column: &column, to: &output) }
            append(last, hasComma: index < mailboxes.count - 1, column: &column, to: &output)
        }
        appendLineEnd(to: &output)
    }

    /// - Returns: the column behind it.
    private static func appendName(_ name: String, to output: inout [UInt8]) -> Int {
        output.append(text: name)
        output.append(ASCII.colon)
        return name.utf8.count + 1
    }

    private static func append(
        _ token: String, hasComma: Bool = false, column: inout Int, to output: inout [UInt8]
    ) {
        let length = token.utf8.count + (hasComma ? 1 : 0)
        if column + 1 + length > longestLine {
            appendLineEnd(to: &output)
            column = 0
        }
        output.append(ASCII.space)
        output.append(text: token)
        if hasComma { output.append(UInt8(ascii: ",")) }
        column += 1 + length
    }

    static func appendLineEnd(to output: inout [UInt8]) {
        output.append(ASCII.cr)
        output.append(ASCII.lf)
    }
}

extension [UInt8] {
    /// Appends a text in UTF-8.
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }
}
