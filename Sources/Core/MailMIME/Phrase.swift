import MailCore

/// Text in a header field, written as it is where a reader gets it back unchanged, and encoded elsewhere.
package enum Phrase {
    /// The longest run without a place to fold.
    private static let longestToken = 60

    /// A display name (RFC 5322 §3.2.5): words, a quoted string, or encoded words.
    package static func tokens(of name: String) -> [String] {
        guard survivesFolding(name) else { return EncodedWord.words(of: name) }
        if name.utf8.allSatisfy({ $0.isAtext || $0 == ASCII.space }) { return split(name) }
        let quoted = name.reduce(into: "\"") { text, character in
            if character == "\"" || character == "\\" { text.append("\\") }
            text.append(character)
        }
        return quoted.utf8.count < longestToken ? [quoted + "\""] : EncodedWord.words(of: name)
    }

    /// The text of an unstructured field, such as Subject.
    static func unstructured(_ text: String) -> [String] {
        survivesFolding(text) ? split(text) : EncodedWord.words(of: text)
    }

    private static func split(_ text: String) -> [String] {
        text.utf8.split(separator: ASCII.space).map { String(Substring($0)) }
    }

    /// Whether the text is printable ASCII in words of bearable length with one space between them, and cannot be taken
    /// for an encoded word.
    private static func survivesFolding(_ text: String) -> Bool {
        var (previous, length) = (ASCII.space, 0)
        for octet in text.utf8 {
            guard octet >= ASCII.space, octet < 0x7F else { return false }
            if octet == UInt8(ascii: "?"), previous == UInt8(ascii: "=") { return false }
            length = octet == ASCII.space ? 0 : length + 1
            // Neither a blank where there is one already, or at the beginning, nor a word that is too long.
            if length == 0 && previous == ASCII.space || length > longestToken { return false }
            previous = octet
        }
        return length > 0
    }
}
