import MailCore

/// The text of a field that has no structure, such as Subject (RFC 5322 §2.2.1, RFC 2047 §6).
public enum HeaderText {
    /// The value in one line, with encoded words read. A fold, with the blanks around it, becomes one space. Octets that
    /// are no UTF-8 become U+FFFD.
    public static func decode(_ value: some Collection<UInt8>) -> String {
        decode(Array(value))
    }

    static func decode(_ value: [UInt8]) -> String {
        value.withUnsafeBufferPointer { plain($0) } ?? decodeWords(value)
    }

    /// As `decode(_:)`, for a value with encoded words.
    static func decodeWords(_ value: [UInt8]) -> String {
        var reader = EncodedTextReader(value, bounds(of: value))
        return reader.text()
    }

    /// The value where it has no encoded words; nil elsewhere.
    static func plain(_ value: UnsafeBufferPointer<UInt8>) -> String? {
        if let line = singleLine(value) { return UTF8Text.ascii(line) }
        let bounds = bounds(of: value)
        var previous: UInt8 = 0
        var isFolded = false
        for byte in UnsafeBufferPointer(rebasing: value[bounds]) {
            if byte == UInt8(ascii: "?"), previous == UInt8(ascii: "=") { return nil }
            isFolded = isFolded || byte == ASCII.lf || byte == ASCII.cr
            previous = byte
        }
        let text = UnsafeBufferPointer(rebasing: value[bounds])
        return isFolded ? unfolded(text) : String(utf8: text)
    }

    /// The value without blanks around it, where it is one line of ASCII without a question mark; nil elsewhere.
    private static func singleLine(_ value: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var (start, end) = (0, value.count)
        while end > 0, value[end - 1].isBlankOrLineEnd { end -= 1 }
        while start < end, value[start] == ASCII.space || value[start] == ASCII.tab { start += 1 }
        let line = UnsafeBufferPointer(rebasing: value[start..<end])
        var position = 0
        while position + 8 <= line.count {
            if mayNotBePlain(UnsafeRawBufferPointer(line).loadUnaligned(fromByteOffset: position, as: UInt64.self)) {
                return nil
            }
            position += 8
        }
        while position < line.count {
            if mayNotBePlain(UInt64(line[position]) | 0x2020_2020_2020_2000) { return nil }
            position += 1
        }
        return line
    }

    /// Whether one of eight octets is a control character, a question mark, or beyond ASCII.
    @inline(__always)
    private static func mayNotBePlain(_ word: UInt64) -> Bool {
        let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let mark = word ^ (ones &* UInt64(UInt8(ascii: "?")))
        return ((word &- ones &* 0x20) | (mark &- ones) & ~mark | word) & highs != 0
    }

    private static func unfolded(_ text: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: text.count) { output in
            var (position, count) = (0, 0)
            while position < text.count {
                let byte = text[position]
                if byte == ASCII.cr || byte == ASCII.lf {
                    while count > 0, output[count - 1] == ASCII.space || output[count - 1] == ASCII.tab { count -= 1 }
                    while position < text.count, text[position].isBlankOrLineEnd { position += 1 }
                    output[count] = ASCII.space
                } else {
                    output[count] = byte
                    position += 1
                }
                count += 1
            }
            return count
        }
    }

    /// The words of a comma-separated list (RFC 5322 §3.6.5), each decoded.
    public static func list(_ value: some Collection<UInt8>) -> [String] {
        trimmed(Array(value)).split(separator: UInt8(ascii: ",")).map { decode($0) }.filter { !$0.isEmpty }
    }

    /// The octets of one field, without blanks and line ends around them: up to the first line end that no blank follows.
    static func bounds(of value: [UInt8]) -> Range<Int> { value.withUnsafeBufferPointer { bounds(of: $0) } }

    static func bounds(of value: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var end = 0
        while end < value.count {
            if value[end] == ASCII.lf {
                let isLast = end + 1 == value.count || (value[end + 1] != ASCII.space && value[end + 1] != ASCII.tab)
                if isLast { break }
            }
            end += 1
        }
        var start = 0
        while start < end, value[start].isBlankOrLineEnd { start += 1 }
        while end > start, value[end - 1].isBlankOrLineEnd { end -= 1 }
        return start..<end
    }

    static func trimmed(_ value: [UInt8]) -> [UInt8] {
        let bounds = bounds(of: value)
        return bounds == value.indices ? value : Array(value[bounds])
    }
}
