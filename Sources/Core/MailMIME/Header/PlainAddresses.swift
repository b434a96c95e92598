import MailCore

/// Reads addresses at one go where they are written on one line as `ann@example.org`, `Ann Author <ann@example.org>` or
/// `"Author, Ann" <ann@example.org>`, with commas between them, without comments, groups, backslashes and encoded words.
/// Everything else is left to `AddressListReader`.
struct PlainAddresses {
    private static let most = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Nil for what is not written so.
    static func read(_ fieldValue: UnsafeBufferPointer<UInt8>) -> [HeaderAddress]? {
        var end = fieldValue.count
        while end > 0, fieldValue[end - 1] == ASCII.lf || fieldValue[end - 1] == ASCII.cr { end -= 1 }
        var reader = PlainAddresses(UnsafeBufferPointer(rebasing: fieldValue[..<end]))
        var addresses: [HeaderAddress] = []
        repeat {
            guard let mailbox = reader.takeMailbox(), addresses.count < most else { return nil }
            addresses.append(.mailbox(mailbox))
        } while reader.take(UInt8(ascii: ","))
        return reader.position == end ? addresses : nil
    }

    private mutating func takeMailbox() -> HeaderMailbox? {
        skipBlanks()
        if take(ASCII.quote) {
            guard let name = takeQuoted() else { return nil }
            skipBlanks()
            return take(ASCII.less) ? takeAngle(name: name) : nil
        }
        let start = position
        var end = start
        var (hasAt, hasBlank) = (false, false)
        while position < bytes.count, isText(bytes[position]) {
            if bytes[position] != ASCII.space {
                // Of several blanks between words one would stay.
                guard end == start || position <= end + 1 else { return nil }
                hasBlank = hasBlank || end < position
                hasAt = hasAt || bytes[position] == ASCII.at
                end = position + 1
            }
            position += 1
        }
        if take(ASCII.less) { return takeAngle(name: end > start ? text(start..<end) : nil) }
        return hasAt && !hasBlank ? HeaderMailbox(name: nil, address: text(start..<end)) : nil
    }

    /// Behind the quote.
    private mutating func takeQuoted() -> String? {
        let start = position
        while position < bytes.count, bytes[position] != ASCII.quote {
            guard isQuotable(bytes[position]) else { return nil }
            position += 1
        }
        let name = text(start..<position)
        return take(ASCII.quote) && !name.isEmpty ? name : nil
    }

    /// Behind `<`.
    private mutating func takeAngle(name: String?) -> HeaderMailbox? {
        let start = position
        while position < bytes.count, isText(bytes[position]), bytes[position] != ASCII.space { position += 1 }
        let address = text(start..<position)
        guard position > start, take(ASCII.greater) else { return nil }
        skipBlanks()
        return HeaderMailbox(name: name, address: address)
    }

    private func text(_ range: Range<Int>) -> String { String(utf8: UnsafeBufferPointer(rebasing: bytes[range])) }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() { while take(ASCII.space) {} }

    private func isText(_ byte: UInt8) -> Bool {
        byte.isAtext && byte != UInt8(ascii: "?") || byte == ASCII.space || byte == ASCII.dot || byte == ASCII.at
    }

    private func isQuotable(_ byte: UInt8) -> Bool {
        byte >= ASCII.space && byte != ASCII.backslash && byte != UInt8(ascii: "?")
    }
}
