import MailCore

/// Reads a date at one go where it is written as RFC 5322 §3.3 has it, on one line: `Tue, 1 Jul 2003 10:52:37 +0200`.
/// Everything else is left to `DateReader`.
struct PlainDate {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Nil for what is not written so.
    static func read(_ fieldValue: UnsafeBufferPointer<UInt8>) -> MailDate? {
        var reader = PlainDate(fieldValue)
        return reader.read()
    }

    private mutating func read() -> MailDate? {
        skipSpaces()
        if !isDigit {
            guard Self.weekdays.contains(name()), take(UInt8(ascii: ",")) else { return nil }
            skipSpaces()
        }
        guard let day = number(1...2), take(ASCII.space), let month = Self.months.firstIndex(of: name()),
            take(ASCII.space), let year = number(4...4), take(ASCII.space), let hour = number(2...2),
            take(ASCII.colon), let minute = number(2...2)
        else { return nil }
        var second = 0
        if take(ASCII.colon) {
            guard let value = number(2...2) else { return nil }
            second = value
        }
        guard take(ASCII.space), let zone = zone(), isAtEnd else { return nil }
        return MailDate(year: year, month: month + 1, day: day, time: (hour, minute, second), zone: zone)
    }

    private var isDigit: Bool { position < bytes.count && bytes[position].isASCIIDigit }

    private mutating func skipSpaces() { while take(ASCII.space) {} }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func number(_ digits: ClosedRange<Int>) -> Int? {
        let start = position
        var value = 0
        while isDigit, position - start < digits.upperBound {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        return digits.contains(position - start) && !isDigit ? value : nil
    }

    /// Three letters as one number, or 0.
    private mutating func name() -> UInt32 {
        guard position + 3 <= bytes.count else { return 0 }
        defer { position += 3 }
        return Self.code(bytes[position], bytes[position + 1], bytes[position + 2])
    }

    /// Minutes ahead of UTC.
    private mutating func zone() -> Int? {
        let isBehind = take(UInt8(ascii: "-"))
        guard isBehind || take(UInt8(ascii: "+")), let value = number(4...4), value < 2_400, value % 100 < 60 else {
            return nil
        }
        let minutes = value / 100 * 60 + value % 100
        return isBehind ? -minutes : minutes
    }

    /// Whether nothing but a line end, or a comment in that line, is left.
    private var isAtEnd: Bool {
        var end = bytes.count
        if end > position, bytes[end - 1] == ASCII.lf { end -= 1 }
        if end > position, bytes[end - 1] == ASCII.cr { end -= 1 }
        guard position + 2 < end else { return position == end }
        guard bytes[position] == ASCII.space, bytes[position + 1] == UInt8(ascii: "("),
            bytes[end - 1] == UInt8(ascii: ")")
        else { return false }
        return bytes[(position + 2)..<(end - 1)].allSatisfy { $0.isASCIILetterOrDigit || $0 == ASCII.space }
    }

    private static func code(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt32 {
        UInt32(first | 0x20) << 16 | UInt32(second | 0x20) << 8 | UInt32(third | 0x20)
    }

    private static func codes(_ names: String) -> [UInt32] {
        names.split(separator: " ").map { name in
            let letters = Array(name.utf8)
            return code(letters[0], letters[1], letters[2])
        }
    }

    private static let weekdays = codes("mon tue wed thu fri sat sun")
    private static let months = codes("jan feb mar apr may jun jul aug sep oct nov dec")
}
