import MailCore

/// One `name=value` as it is written.
struct RawParameter {
    let name: [UInt8]
    let value: [UInt8]
}

/// Reads `value; name=value; …` (RFC 2045 §5.1), and what is near to it: semicolons that are missing or doubled, blanks
/// in values without quotes, quotes that are not closed.
struct ParameterReader {
    /// How many parameters count.
    private static let most = 512

    private var cursor: HeaderCursor

    init(_ fieldValue: [UInt8]) {
        cursor = HeaderCursor(fieldValue)
    }

    mutating func value() -> String {
        var value: [UInt8] = []
        cursor.skipCFWS()
        while let byte = cursor.peek, byte != UInt8(ascii: ";") {
            value.append(byte.asciiLowercased)
            cursor.skip()
            let before = cursor.position
            cursor.skipCFWS()
            if cursor.position > before, value.last != slash, cursor.peek != slash { break }
        }
        return String(utf8: value)
    }

    mutating func parameters() -> [RawParameter] {
        var parameters: [RawParameter] = []
        while !cursor.isAtEnd, parameters.count < Self.most {
            cursor.skipCFWS()
            if cursor.take(UInt8(ascii: ";")) { continue }
            let name = takeName()
            guard cursor.take(UInt8(ascii: "=")) else {
                if name.isEmpty { cursor.skip() }
                continue
            }
            let value = takeValue()
            if let value, !name.isEmpty { parameters.append(RawParameter(name: name, value: value)) }
        }
        return parameters
    }

    private mutating func takeName() -> [UInt8] {
        var name: [UInt8] = []
        while let byte = cursor.peek, byte != UInt8(ascii: ";"), byte != UInt8(ascii: "=") {
            cursor.skip()
            name.append(byte.asciiLowercased)
            let before = cursor.position
            cursor.skipCFWS()
            // A word that no `=` follows is no name.
            if cursor.position > before, let next = cursor.peek, next != UInt8(ascii: "="), next != UInt8(ascii: "*"),
                name.last != UInt8(ascii: "*")
            {
                return name
            }
        }
        return name
    }

    /// Nil if there is nothing.
    private mutating func takeValue() -> [UInt8]? {
        cursor.skipCFWS()
        if cursor.peek == ASCII.quote {
            let text = cursor.takeQuoted()
            return HeaderText.decode(quoted: text)
        }
        var words: [UInt8] = []
        while true {
            let word = cursor.take { !$0.isBlankOrLineEnd && $0 != UInt8(ascii: ";") }
            words += word
            let start = cursor.position
            cursor.skipBlanks()
            guard let next = cursor.peek, next != UInt8(ascii: ";"), next != UInt8(ascii: "("), !beginsParameter()
            else {
                break
            }
            words += cursor.bytes[start..<cursor.position]
        }
        return words.isEmpty ? nil : HeaderText.decode(quoted: words)
    }

    /// Whether the next word looks like `name=…` rather than like an encoded word or text.
    private func beginsParameter() -> Bool {
        for byte in cursor.bytes[cursor.position..<cursor.end] {
            if byte == UInt8(ascii: "=") { return cursor.peek != byte }
            if byte.isBlankOrLineEnd || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "?") { return false }
        }
        return false
    }
}

private let slash = UInt8(ascii: "/")

extension HeaderText {
    /// A value that has its blanks for a reason: only encoded words are read.
    static func decode(quoted text: [UInt8]) -> [UInt8] {
        guard text.contains(UInt8(ascii: "?")) else { return text }
        var reader = EncodedTextReader(text)
        return Array(reader.text().utf8)
    }
}
