import MailCore

/// Reads `addr-spec` of RFC 5322 §3.4.1 and §4.4 to the letter, and notes the worst of what it meets.
struct AddressSyntaxReader {
    private struct Failure: Error {}

    private let bytes: [UInt8]
    private var position = 0
    private var worst = AddressSyntax.Category.valid

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func read() -> AddressSyntax {
        do {
            let localPart = try localPart()
            let domain = try domain()
            if localPart.count > 64 || domain.count > 253 || localPart.count + 1 + domain.count > 254 { note(.rfc5322) }
            return AddressSyntax(
                category: worst, localPart: String(utf8: localPart), domain: String(utf8: domain))
        } catch {
            return AddressSyntax(category: .err, localPart: nil, domain: nil)
        }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func note(_ category: AddressSyntax.Category) { worst = max(worst, category) }

    // MARK: Local part

    private mutating func localPart() throws(Failure) -> [UInt8] {
        if try skipCFWS() { note(.cfws) }
        var text: [UInt8] = []
        var words = 0
        var quoted = 0
        while true {
            if peek == ASCII.quote {
                text += try quotedString()
                quoted += 1
            } else {
                text += try atom()
            }
            words += 1
            let hasBlanks = try skipCFWS()
            guard let byte = peek else { throw Failure() }
            position += 1
            if hasBlanks { note(.deprec) }
            if byte == ASCII.at { break }
            guard byte == ASCII.dot else { throw Failure() }
            text.append(byte)
            if try skipCFWS() { note(.deprec) }
        }
        if quoted > 0 { note(words == 1 ? .rfc5321 : .deprec) }
        return text
    }

    private mutating func atom() throws(Failure) -> ArraySlice<UInt8> {
        let start = position
        while let byte = peek, byte.isAtext { position += 1 }
        guard position > start else { throw Failure() }
        return bytes[start..<position]
    }

    private mutating func quotedString() throws(Failure) -> ArraySlice<UInt8> {
        let start = position
        position += 1
        while let byte = peek {
            position += 1
            switch byte {
            case ASCII.quote: return bytes[start..<position]
            default: try enclosed(byte)
            }
        }
        throw Failure()
    }

    /// Any octet that a quoted string and a comment may hold, taken already.
    private mutating func enclosed(_ byte: UInt8) throws(Failure) {
        switch byte {
        case ASCII.backslash: try quotedPair()
        case ASCII.cr:
            position -= 1
            _ = try skipFold()
        case ASCII.nul, ASCII.lf: throw Failure()
        case ASCII.tab: break
        default: if byte.isASCIIControl { note(.deprec) }
        }
    }

    /// What a backslash stands in front of: anything, but controls are obsolete.
    private mutating func quotedPair() throws(Failure) {
        guard let byte = peek, byte < 0x80 else { throw Failure() }
        position += 1
        if byte.isASCIIControl && byte != ASCII.tab { note(.deprec) }
    }

    // MARK: Domain

    private mutating func domain() throws(Failure) -> [UInt8] {
        if try skipCFWS() { note(.deprec) }
        if peek == UInt8(ascii: "[") {
            let literal = try literal()
            if try skipCFWS() { note(.cfws) }
            guard position == bytes.count else { throw Failure() }
            return literal
        }
        var text: [UInt8] = []
        var labels = 0
        var last: ArraySlice<UInt8> = []
        while true {
            last = try atom()
            labels += 1
            try judge(label: last)
            text += last
            let hasBlanks = try skipCFWS()
            guard let byte = peek else {
                if hasBlanks { note(.cfws) }
                break
            }
            guard byte == ASCII.dot else { throw Failure() }
            position += 1
            if hasBlanks { note(.deprec) }
            text.append(byte)
            if try skipCFWS() { note(.deprec) }
        }
        if labels == 1 || last.allSatisfy(\.isASCIIDigit) { note(.rfc5321) }
        return text
    }

    private mutating func judge(label: ArraySlice<UInt8>) throws(Failure) {
        if label.first == UInt8(ascii: "-") || label.last == UInt8(ascii: "-") { throw Failure() }
        let isPlain = label.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 >= 0x80 }
        if !isPlain || label.count > 63 { note(.rfc5322) }
    }

    private mutating func literal() throws(Failure) -> [UInt8] {
        let start = position
        position += 1
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "]"):
                position += 1
                judge(literal: bytes[(start + 1)..<(position - 1)])
                return Array(bytes[start..<position])
            case UInt8(ascii: "["), ASCII.nul, ASCII.lf: throw Failure()
            case ASCII.backslash:
                position += 1
                guard peek != nil else { throw Failure() }
                position += 1
                note(.rfc5322)
            case ASCII.cr: _ = try skipFold()
            default: position += 1
            }
        }
        throw Failure()
    }

    private mutating func judge(literal: ArraySlice<UInt8>) {
        let text = String(utf8: literal)
        if IPv4Address(text) != nil { return note(.rfc5321) }
        guard text.lowercased().hasPrefix("ipv6:") else { return note(.rfc5322) }
        let groups = text.dropFirst(5)
        guard IPv6Address(String(groups)) != nil else { return note(.rfc5322) }
        // "::" may stand for two groups or more (RFC 5321 §4.1.3).
        let pieces = groups.split(separator: ":").reduce(0) { $0 + ($1.contains(".") ? 2 : 1) }
        note(groups.contains("::") && pieces == 7 ? .deprec : .rfc5321)
    }

    // MARK: Blanks and comments

    /// - Returns: whether there was anything.
    private mutating func skipCFWS() throws(Failure) -> Bool {
        let start = position
        while let byte = peek {
            if byte == UInt8(ascii: "(") {
                try skipComment()
            } else if byte == ASCII.space || byte == ASCII.tab || byte == ASCII.cr {
                try skipFWS()
            } else {
                break
            }
        }
        return position > start
    }

    private mutating func skipFWS() throws(Failure) {
        var folds = 0
        while let byte = peek {
            if byte == ASCII.space || byte == ASCII.tab {
                position += 1
            } else if try skipFold() {
                folds += 1
            } else {
                break
            }
        }
        if folds > 1 { note(.deprec) }
    }

    /// CRLF with a blank behind it.
    private mutating func skipFold() throws(Failure) -> Bool {
        guard peek == ASCII.cr else { return false }
        guard position + 2 < bytes.count, bytes[position + 1] == ASCII.lf,
            bytes[position + 2] == ASCII.space || bytes[position + 2] == ASCII.tab
        else { throw Failure() }
        position += 3
        return true
    }

    private mutating func skipComment() throws(Failure) {
        var depth = 0
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return }
            default: try enclosed(byte)
            }
        }
        throw Failure()
    }
}
