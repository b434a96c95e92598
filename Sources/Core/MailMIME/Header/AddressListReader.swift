import MailCore

/// Reads the addresses of a field, leniently: commas, colons and semicolons give the structure, and whatever stands
/// between them gets the best reading.
struct AddressListReader {
    /// How many mailboxes count.
    private static let most = 20_000

    private var cursor: HeaderCursor
    private var output: [HeaderAddress] = []
    private var group: (name: String, members: [HeaderMailbox])?
    private var count = 0
    private var phrase = HeaderPhrase()
    /// The words so far as they would stand in an address: without blanks, quotes kept.
    private var bare: [UInt8] = []
    /// What stood in angle brackets.
    private var angle: [UInt8]?

    init(_ fieldValue: [UInt8]) {
        cursor = HeaderCursor(fieldValue)
    }

    mutating func list() -> [HeaderAddress] {
        while count < Self.most {
            cursor.skipCFWS()
            guard let byte = cursor.peek else { break }
            switch byte {
            case UInt8(ascii: ","):
                cursor.skip()
                endMailbox()
            case UInt8(ascii: ";"):
                cursor.skip()
                endMailbox()
                endGroup()
            case ASCII.colon: takeColon()
            case ASCII.less:
                if angle != nil { endMailbox() }
                angle = takeAngle()
            case ASCII.quote: takeQuoted()
            default: takeWord()
            }
        }
        endMailbox()
        endGroup()
        return output
    }

    private mutating func takeColon() {
        cursor.skip()
        guard group == nil, angle == nil else {
            bare.append(ASCII.colon)
            return
        }
        group = (name(phrase.text, cursor.takeComments()) ?? "", [])
        (phrase, bare) = (HeaderPhrase(), [])
    }

    private mutating func takeQuoted() {
        let start = cursor.position
        let text = cursor.takeQuoted()
        phrase.append(text)
        bare += cursor.bytes[start..<cursor.position]
    }

    private mutating func takeWord() {
        let word = cursor.take { byte in
            !byte.isBlankOrLineEnd && byte != ASCII.quote && byte != ASCII.less && byte != UInt8(ascii: "(")
                && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ";") && byte != ASCII.colon
        }
        phrase.append(word)
        bare += word
    }

    /// What stands between `<` and `>`, without blanks, comments and route. Its comments count with the others.
    private mutating func takeAngle() -> [UInt8] {
        cursor.skip()
        var text: [UInt8] = []
        var isQuoted = false
        while true {
            if !isQuoted { cursor.skipCFWS() }
            guard let byte = cursor.take(), isQuoted || byte != ASCII.greater else { break }
            if byte == ASCII.quote { isQuoted.toggle() }
            text.append(byte)
            if byte == ASCII.backslash, let escaped = cursor.take() { text.append(escaped) }
        }
        guard text.first == ASCII.at, let colon = text.lastIndex(of: ASCII.colon) else { return text }
        return Array(text[(colon + 1)...])
    }

    private mutating func endMailbox() {
        defer { (phrase, bare, angle) = (HeaderPhrase(), [], nil) }
        let comments = cursor.takeComments()
        let mailbox: HeaderMailbox
        if let angle {
            mailbox = HeaderMailbox(
                name: name(phrase.text, comments), address: angle.isEmpty ? nil : String(utf8: angle))
        } else if bare.contains(ASCII.at) {
            mailbox = HeaderMailbox(name: name("", comments), address: String(utf8: bare))
        } else {
            mailbox = HeaderMailbox(name: name(phrase.text, comments), address: nil)
        }
        guard mailbox.name != nil || mailbox.address != nil else { return }
        count += 1
        if group == nil { output.append(.mailbox(mailbox)) } else { group?.members.append(mailbox) }
    }

    private mutating func endGroup() {
        guard let (name, members) = group else { return }
        output.append(.group(name: name, members))
        group = nil
    }

    private func name(_ phrase: String, _ comments: [[UInt8]]) -> String? {
        let comment = comments.map { HeaderText.decode($0) }.filter { !$0.isEmpty }.joined(separator: " ")
        if phrase.isEmpty { return comment.isEmpty ? nil : comment }
        return comment.isEmpty ? phrase : "\(phrase) (\(comment))"
    }
}

/// Gathers the words of a display name. Between two encoded words there is no blank (RFC 2047 §6.2).
struct HeaderPhrase {
    private var bytes: [UInt8] = []
    private var endsEncoded = false
    private var hasWord = false

    var isEmpty: Bool { !hasWord }

    var text: String { String(utf8: bytes) }

    mutating func append(_ word: some Collection<UInt8>) {
        guard word.contains(UInt8(ascii: "?")) || word.contains(where: \.isBlankOrLineEnd) else {
            if hasWord { bytes.append(ASCII.space) }
            bytes += word
            (endsEncoded, hasWord) = (false, true)
            return
        }
        var reader = EncodedTextReader(HeaderText.withoutFolds(Array(word)))
        let decoded = reader.text()
        if hasWord, !(endsEncoded && reader.beginsEncoded) { bytes.append(ASCII.space) }
        bytes += decoded.utf8
        endsEncoded = reader.endsEncoded
        hasWord = true
    }
}

extension HeaderText {
    static func withoutFolds(_ text: [UInt8]) -> [UInt8] {
        text.contains(where: { $0 == ASCII.cr || $0 == ASCII.lf })
            ? text.filter { $0 != ASCII.cr && $0 != ASCII.lf } : text
    }
}
