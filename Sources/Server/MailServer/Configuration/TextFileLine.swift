import MailCore

/// A line of a file of users, aliases or members, with those that go on with it.
struct TextFileLine: Equatable {
    /// From 1.
    let number: Int
    private(set) var text: String

    /// The lines that say something: not the empty ones, nor those that begin with `#`. A line that begins with a space
    /// goes on with the one before it.
    static func lines(of text: String) -> [TextFileLine] {
        var lines: [TextFileLine] = []
        let all = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in all.enumerated() {
            let content = line.trimmed
            guard !content.isEmpty, !content.hasPrefix("#") else { continue }
            if line.first?.isWhitespace == true, !lines.isEmpty {
                lines[lines.count - 1].text += " " + content
            } else {
                lines.append(TextFileLine(number: index + 1, text: String(content)))
            }
        }
        return lines
    }

    /// A user or alias, written as in an address: quoted where it holds a space.
    static func name(in text: String) throws(ValueRefusal) -> LocalPart {
        let reference = try RecipientReference(.string(text))
        guard reference.host == nil else {
            throw ValueRefusal("is no name: it has an @; the domain is that of the table")
        }
        return reference.localPart
    }
}

/// A line of a file of aliases: `name: recipient, recipient`.
struct AliasLine {
    private let name: LocalPart
    private let targets: [RecipientReference]

    init(_ line: String) throws(ValueRefusal) {
        let parts = Self.split(line, at: ":", limit: 1)
        guard parts.count == 2 else { throw ValueRefusal("is no alias: write name: recipient, recipient") }
        name = try TextFileLine.name(in: String(parts[0].trimmed))
        var targets: [RecipientReference] = []
        for target in Self.split(parts[1], at: ",", limit: .max) {
            targets.append(try RecipientReference(.string(String(target.trimmed))))
        }
        self.targets = targets
    }

    func alias(in host: MailHost) -> AliasConfiguration {
        var alias = AliasConfiguration(name: EmailAddress(localPart: name, host: host))
        alias.targets = targets
        return alias
    }

    /// Splits at a sign that does not stand between quotes.
    private static func split(_ text: some StringProtocol, at sign: Character, limit: Int) -> [String] {
        var parts = [""]
        var (isQuoted, isEscaped) = (false, false)
        for character in text {
            if character == sign, !isQuoted, parts.count <= limit {
                parts.append("")
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
            parts[parts.count - 1].append(character)
        }
        return parts
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    fileprivate var trimmed: SubSequence {
        let start = drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...last]
    }
}
