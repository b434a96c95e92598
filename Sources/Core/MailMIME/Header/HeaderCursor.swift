import MailCore

/// A reading position in the value of a structured field (RFC 5322 §3.2): knows blanks, folds, comments and quoted
/// strings. Every octet is passed a bounded number of times, whatever the value is.
struct HeaderCursor {
    let bytes: [UInt8]
    private(set) var position: Int
    /// Where the value ends in `bytes`.
    let end: Int
    /// The comments passed so far, without their brackets.
    private(set) var comments: [[UInt8]] = []

    /// - Parameter value: what follows the colon. Of several lines only those count that belong to one field.
    init(_ value: [UInt8]) {
        self.init(value, HeaderText.bounds(of: value))
    }

    /// - Parameter bounds: where in the value to read.
    init(_ value: [UInt8], _ bounds: Range<Int>) {
        bytes = value
        (position, end) = (bounds.lowerBound, bounds.upperBound)
    }

    var isAtEnd: Bool { position == end }
    var peek: UInt8? { position < end ? bytes[position] : nil }

    mutating func take() -> UInt8? {
        guard position < end else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    mutating func take(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = position
        while position < end, condition(bytes[position]) { position += 1 }
        return bytes[start..<position]
    }

    mutating func skip() { position += position < end ? 1 : 0 }

    mutating func skipBlanks() { while let byte = peek, byte.isBlankOrLineEnd { position += 1 } }

    /// Skips blanks and comments, and keeps the comments.
    mutating func skipCFWS() {
        skipBlanks()
        while peek == UInt8(ascii: "(") {
            comments.append(takeComment())
            skipBlanks()
        }
    }

    mutating func takeComments() -> [[UInt8]] {
        defer { comments = [] }
        return comments
    }

    /// `"(" … ")"`, nested; one that is not closed goes to the end.
    private mutating func takeComment() -> [UInt8] {
        var depth = 0
        var text: [UInt8] = []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "("):
                depth += 1
                if depth > 1 { text.append(byte) }
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return text }
                text.append(byte)
            case ASCII.backslash: if let escaped = take() { text.append(escaped) }
            default: text.append(byte)
            }
        }
        return text
    }

    /// What stands between quotes, with folds and backslashes taken away; one that is not closed goes to the end.
    mutating func takeQuoted() -> [UInt8] {
        guard take(ASCII.quote) else { return [] }
        var text: [UInt8] = []
        while let byte = take() {
            switch byte {
            case ASCII.quote: return text
            case ASCII.backslash: if let escaped = take() { text.append(escaped) }
            case ASCII.cr, ASCII.lf: continue
            default: text.append(byte)
            }
        }
        return text
    }
}

extension UInt8 {
    var isBlankOrLineEnd: Bool { self == ASCII.space || self == ASCII.tab || self == ASCII.cr || self == ASCII.lf }
}
