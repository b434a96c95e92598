import MailCore

/// One line of a message where it lies.
struct Line {
    enum BoundaryKind {
        case separator
        case close
    }

    let bytes: UnsafeRawBufferPointer
    let start: Int
    /// Behind the line end.
    let end: Int
    /// Before the line end.
    let contentEnd: Int

    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        self.bytes = bytes
        start = range.lowerBound
        end = range.upperBound
        var contentEnd = end
        if contentEnd > start, bytes[contentEnd - 1] == ASCII.lf {
            contentEnd -= 1
            if contentEnd > start, bytes[contentEnd - 1] == ASCII.cr { contentEnd -= 1 }
        }
        self.contentEnd = contentEnd
    }

    var isEmpty: Bool { contentEnd == start }

    var isContinuation: Bool { !isEmpty && (bytes[start] == ASCII.space || bytes[start] == ASCII.tab) }

    var mayBeBoundary: Bool { contentEnd - start > 2 && bytes[start] == hyphen && bytes[start + 1] == hyphen }

    /// The line that mbox puts in front of a message.
    var isEnvelopeLine: Bool {
        let word = "From "
        return contentEnd - start >= 5 && zip(bytes[start..<start + 5], word.utf8).allSatisfy { $0 == $1 }
    }

    /// The name of the field that the line begins; blanks before the colon are obsolete (RFC 5322 §4.5.8).
    var fieldName: Range<Int>? {
        var end = start
        while end < contentEnd, bytes[end] > ASCII.space, bytes[end] < 0x7F, bytes[end] != ASCII.colon { end += 1 }
        var colon = end
        while colon < contentEnd, bytes[colon] == ASCII.space || bytes[colon] == ASCII.tab { colon += 1 }
        guard end > start, colon < contentEnd, bytes[colon] == ASCII.colon else { return nil }
        return start..<end
    }

    /// Whether the line is that boundary: two hyphens, the boundary, two more at the end of the multipart, and then
    /// nothing but blanks (RFC 2046 §5.1.1).
    func boundary(_ boundary: [UInt8]) -> BoundaryKind? {
        var position = start + 2 + boundary.count
        guard position <= contentEnd, matches(boundary, at: start + 2) else { return nil }
        let isClose = position + 2 <= contentEnd && bytes[position] == hyphen && bytes[position + 1] == hyphen
        if isClose { position += 2 }
        while position < contentEnd {
            guard bytes[position] == ASCII.space || bytes[position] == ASCII.tab else { return nil }
            position += 1
        }
        return isClose ? .close : .separator
    }

    private func matches(_ boundary: [UInt8], at start: Int) -> Bool {
        for index in boundary.indices where bytes[start + index] != boundary[index] { return false }
        return true
    }
}

private let hyphen = UInt8(ascii: "-")
