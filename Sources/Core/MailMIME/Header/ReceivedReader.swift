import MailCore

/// Reads a Received field clause by clause: a keyword, its value, and the comments behind it.
struct ReceivedReader {
    private enum Clause: String {
        case from, by, via, with, id
        case recipient = "for"
    }

    private let value: [UInt8]
    private var cursor: HeaderCursor
    private var output = ReceivedReading()

    init(_ fieldValue: [UInt8]) {
        value = fieldValue
        let bounds = HeaderText.bounds(of: fieldValue)
        let end = value[bounds].lastIndex(of: UInt8(ascii: ";")) ?? bounds.upperBound
        cursor = HeaderCursor(value, bounds.lowerBound..<end)
    }

    mutating func reading() -> ReceivedReading {
        output.date = MailDate(value)
        var clause: Clause?
        var isFilled = true
        while true {
            cursor.skipCFWS()
            for comment in cursor.takeComments() { take(comment: comment, of: clause) }
            guard !cursor.isAtEnd else { break }
            let word = String(
                utf8: cursor.take { !$0.isBlankOrLineEnd && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ";") })
            if word.isEmpty {
                cursor.skip()
            } else if let next = Clause(rawValue: word.lowercased()) {
                (clause, isFilled) = (next, false)
            } else if let current = clause {
                isFilled = take(word, of: current, isFilled: isFilled)
            }
        }
        return output
    }

    /// - Returns: whether the clause has its value.
    private mutating func take(_ word: String, of clause: Clause, isFilled: Bool) -> Bool {
        if isFilled {
            if clause == .from { takeHint(word) }
            return true
        }
        let word = word.hasSuffix(",") ? String(word.dropLast()) : word
        let bare = word.hasPrefix("<") && word.hasSuffix(">") ? String(word.dropFirst().dropLast()) : word
        switch clause {
        case .from:
            output.from = output.from ?? Self.withoutBrackets(bare)
        case .by: output.by = output.by ?? Self.withoutBrackets(bare)
        case .via: output.via = output.via ?? bare
        case .with:
            // Some servers name themselves first.
            if bare.lowercased() == "microsoft" { return false }
            takeProtocol(bare)
        case .id: output.id = output.id ?? bare
        case .recipient: output.forRecipient = output.forRecipient ?? bare
        }
        return true
    }

    private mutating func takeProtocol(_ word: String) {
        guard output.with == nil else { return }
        let parts = word.split(separator: "/")
        let name = (parts.first.map(String.init) ?? word).uppercased()
        // Exim's way to say that no network was between.
        output.with = name.hasPrefix("LOCAL-") ? String(name.dropFirst(6)) : name
        if parts.count > 2, parts[1].uppercased() == "TLS" { output.tlsCipher = String(parts[2]) }
    }

    // MARK: Comments

    private mutating func take(comment: [UInt8], of clause: Clause?) {
        let words = String(utf8: comment).split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," || $0.isNewline }
        )
        takeTLS(words.map(String.init))
        guard clause == .from else { return }
        var expectsHelo = false
        for word in words.prefix(16) {
            if expectsHelo {
                output.helo = output.helo ?? Self.withoutBrackets(String(word))
                expectsHelo = false
            } else if ["helo", "ehlo", "lhlo"].contains(word.lowercased()) {
                expectsHelo = true
            } else {
                takeHint(String(word))
            }
        }
    }

    /// `[192.0.2.1]`, `helo=name`, `ident=name`, or a name with dots.
    private mutating func takeHint(_ word: String) {
        let lowered = word.lowercased()
        if lowered.hasPrefix("helo=") {
            output.helo = output.helo ?? Self.withoutBrackets(String(word.dropFirst(5)))
        } else if lowered.hasPrefix("ident=") {
            output.ident = output.ident ?? Self.withoutBrackets(String(word.dropFirst(6)))
        } else if lowered.hasPrefix("ident:") {
            output.ident = output.ident ?? String(word.dropFirst(6))
        } else if let address = Self.address(in: word) {
            output.fromAddress = output.fromAddress ?? address
            if let bracket = word.firstIndex(of: "["), bracket != word.startIndex { takePrefix(word[..<bracket]) }
        } else {
            takeName(word)
        }
    }

    /// What stands before the address: `name[192.0.2.1]`, or `user@[192.0.2.1]`.
    private mutating func takePrefix(_ text: Substring) {
        if text.hasSuffix("@") {
            output.ident = output.ident ?? String(text.dropLast())
        } else {
            takeName(String(text))
        }
    }

    private mutating func takeName(_ word: String) {
        guard output.fromReverseName == nil, word.contains("."), !word.contains("="), !word.contains(":"),
            !word.contains("@"), (try? Domain(word.hasSuffix(".") ? String(word.dropLast()) : word)) != nil
        else { return }
        output.fromReverseName = word
    }

    /// `TLSv1.3 with cipher NAME`, `TLS-1.0:NAME:bits`, `version=TLS1_2 cipher=NAME`.
    private mutating func takeTLS(_ words: [String]) {
        for (index, word) in words.prefix(16).enumerated() {
            let lowered = word.lowercased()
            if lowered == "cipher", index + 1 < words.count, !words[index + 1].lowercased().hasPrefix("tlsv") {
                output.tlsCipher = output.tlsCipher ?? words[index + 1]
            } else if lowered.hasPrefix("cipher=") {
                output.tlsCipher = output.tlsCipher ?? String(word.dropFirst(7))
            } else if lowered.hasPrefix("version=tls") {
                output.tlsVersion = output.tlsVersion ?? Self.tlsVersion(word.dropFirst(8))
            } else if lowered.hasPrefix("tlsv") || lowered.hasPrefix("tls-1") || lowered.hasPrefix("tls1") {
                let parts = word.split(separator: ":")
                output.tlsVersion = output.tlsVersion ?? parts.first.map(Self.tlsVersion)
                if parts.count > 1 { output.tlsCipher = output.tlsCipher ?? String(parts[1]) }
            }
        }
    }

    /// `TLSv1.2` for all the ways in which servers write it.
    private static func tlsVersion(_ text: Substring) -> String {
        let digits = text.filter(\.isNumber)
        return "TLSv\(digits.prefix(1)).\(digits.count > 1 ? digits.dropFirst().prefix(1) : "0")"
    }

    // MARK: Hosts

    private static func withoutBrackets(_ text: String) -> String {
        guard text.hasPrefix("["), let close = text.firstIndex(of: "]") else { return text }
        return String(text[text.index(after: text.startIndex)..<close])
    }

    /// The IP address in a word, with or without brackets, tag and port.
    private static func address(in word: String) -> String? {
        var text = word[...]
        if let open = text.firstIndex(of: "[") {
            guard let close = text[open...].firstIndex(of: "]") else { return nil }
            text = text[text.index(after: open)..<close]
        }
        if text.lowercased().hasPrefix("ipv6:") { text = text.dropFirst(5) }
        text = text.prefix { $0 != "%" }
        if IPv4Address(String(text)) != nil || IPv6Address(String(text)) != nil { return String(text) }
        guard let colon = text.firstIndex(of: ":"), IPv4Address(String(text[..<colon])) != nil else { return nil }
        return String(text[..<colon])
    }
}
