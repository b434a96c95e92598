import MailCore

/// The text of a field that has no structure, such as Subject (RFC 5322 §2.2.1, RFC 2047 §6).
public enum HeaderText {
    /// The value in one line, with encoded words read. A fold, with the blanks around it, becomes one space. Octets that
    /// are no UTF-8 become U+FFFD.
    public static func decode(_ value: some Collection<UInt8>) -> String {
        let value = Array(value)
        let bounds = bounds(of: value)
        if !hasMarks(value, bounds) { return String(utf8: value[bounds]) }
        var reader = EncodedTextReader(value, bounds)
        return reader.text()
    }

    /// The value where it is one line without encoded words; nil elsewhere.
    static func plain(_ value: UnsafeBufferPointer<UInt8>) -> String? {
        var (start, end) = (0, value.count)
        if end > 0, value[end - 1] == ASCII.lf { end -= 1 }
        while end > 0, value[end - 1].isBlankOrLineEnd, value[end - 1] != ASCII.lf { end -= 1 }
        while start < end, value[start] == ASCII.space || value[start] == ASCII.tab { start += 1 }
        var previous: UInt8 = 0
        for index in start..<end {
            let byte = value[index]
            if byte == ASCII.lf || byte == ASCII.cr || (byte == UInt8(ascii: "?") && previous == UInt8(ascii: "=")) {
                return nil
            }
            previous = byte
        }
        return String(utf8: UnsafeBufferPointer(rebasing: value[start..<end]))
    }

    /// The words of a comma-separated list (RFC 5322 §3.6.5), each decoded.
    public static func list(_ value: some Collection<UInt8>) -> [String] {
        trimmed(Array(value)).split(separator: UInt8(ascii: ",")).map { decode($0) }.filter { !$0.isEmpty }
    }

    /// The octets of one field, without blanks and line ends around them: up to the first line end that no blank follows.
    static func bounds(of value: [UInt8]) -> Range<Int> {
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

    /// Whether anything in the value may be more than plain text.
    private static func hasMarks(_ value: [UInt8], _ bounds: Range<Int>) -> Bool {
        var previous: UInt8 = 0
        for byte in value[bounds] {
            if byte == ASCII.lf || byte == ASCII.cr || (byte == UInt8(ascii: "?") && previous == UInt8(ascii: "=")) {
                return true
            }
            previous = byte
        }
        return false
    }
}
