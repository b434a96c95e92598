public import MailCore

/// The codes that stand together in a reply: the reply code, the enhanced status code, or both.
public struct ReplyCodes: Hashable, Sendable {
    /// From 200 to 599.
    public let reply: Int?
    public let status: EnhancedStatusCode?

    /// Whether the two say different things: the status has to begin with the digit of the reply code (RFC 2034 §4).
    public var isContradictory: Bool {
        guard let reply, let status else { return false }
        return reply / 100 != status.class.rawValue
    }

    /// Finds codes in what was typed or pasted: codes alone, a reply, what a program says of one, or a line of a log.
    ///
    /// Where the text begins with codes they count, and nothing behind them does. Elsewhere a reply code counts before an
    /// enhanced status code, behind a colon or a quotation mark, and as `code=550`.
    ///
    /// - Returns: what was found, each once, in its order.
    public static func all(in text: String) -> [ReplyCodes] {
        let words = Word.all(in: text)
        let leading = words.prefix { $0.replyCode != nil || $0.status != nil }
        if !leading.isEmpty { return pairs(leading[...]) }
        let known = words.indices.filter { isCode(words, at: $0) }
        var found: [ReplyCodes] = []
        var seen: Set<ReplyCodes> = []
        for codes in pairs(known.map { words[$0] }[...]) where seen.insert(codes).inserted { found.append(codes) }
        // What stands in a pair need not be told alone.
        return found.filter { codes in
            codes.isPair
                || !found.contains {
                    $0 != codes && ($0.reply == codes.reply || $0.status == codes.status) && $0.isPair
                }
        }
    }

    private var isPair: Bool { reply != nil && status != nil }

    private static func pairs(_ words: ArraySlice<Word>) -> [ReplyCodes] {
        var result: [ReplyCodes] = []
        var rest = words
        while let word = rest.popFirst() {
            guard let reply = word.replyCode else {
                result.append(ReplyCodes(reply: nil, status: word.status))
                continue
            }
            let next = rest.first.flatMap { $0.number == word.number + 1 ? $0.status : nil }
            if next != nil { rest.removeFirst() }
            result.append(ReplyCodes(reply: reply, status: next))
        }
        return result
    }

    /// Whether a word in the middle of a text is a code, and not some other number.
    private static func isCode(_ words: [Word], at index: Int) -> Bool {
        let word = words[index]
        if let status = word.status { return status.subject <= CodeExplanation.lastSubject }
        guard word.replyCode != nil else { return false }
        switch word.mark {
        case ":", "\"", "'": return true
        case "=": return index > 0 && words[index - 1].text == "code"
        default: return words.indices.contains(index + 1) && words[index + 1].status != nil
        }
    }
}

/// A word of the text, and the sign before it.
private struct Word {
    let text: Substring
    /// The last separator before it that is no blank.
    let mark: Character?
    let number: Int

    static func all(in text: String) -> [Word] {
        var words: [Word] = []
        var mark: Character?
        var start: String.Index?
        for index in text.indices {
            if !isSeparator(text[index]) {
                start = start ?? index
                continue
            }
            if let begun = start {
                words.append(Word(text: text[begun..<index], mark: mark, number: words.count))
                (start, mark) = (nil, nil)
            }
            if text[index] != " " { mark = text[index] }
        }
        if let start { words.append(Word(text: text[start...], mark: mark, number: words.count)) }
        return words
    }

    private static func isSeparator(_ character: Character) -> Bool {
        character.isWhitespace || "-#:=;,\"'()<>[]{}|".contains(character)
    }

    var replyCode: Int? {
        guard text.utf8.count == 3, text.utf8.allSatisfy(\.isASCIIDigit), let code = Int(text) else { return nil }
        return CodeExplanation(reply: code).map { _ in code }
    }

    /// At the end of a sentence a full stop may follow.
    var status: EnhancedStatusCode? { EnhancedStatusCode(text.hasSuffix(".") ? text.dropLast() : text) }
}
