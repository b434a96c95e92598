import MailCore

/// The text of a field that has no structure, such as Subject (RFC 5322 §2.2.1, RFC 2047 §6).
public enum HeaderText {
    /// The value in one line, with encoded words read. A fold, with the blanks around it, becomes one space. Octets that
    /// are no UTF-8 become U+FFFD.
    public static func decode(_ value: some Collection<UInt8>) -> String {
        let value = trimmed(Array(value))
        if !hasMarks(value) { return String(utf8: value) }
        var reader = EncodedTextReader(value)
        return reader.text()
    }

    /// The words of a comma-separated list (RFC 5322 §3.6.5), each decoded.
    public static func list(_ value: some Collection<UInt8>) -> [String] {
        trimmed(Array(value)).split(separator: UInt8(ascii: ",")).map { decode($0) }.filter { !$0.isEmpty }
    }

    /// The octets of one field, without blanks and line ends around them: up to the first line end that no blank follows.
    static func trimmed(_ value: [UInt8]) -> [UInt8] {
        var end = value.count
        for index in value.indices where value[index] == ASCII.lf {
            if index + 1 == value.count || (value[index + 1] != ASCII.space && value[index + 1] != ASCII.tab) {
                end = index
                break
            }
        }
        var start = 0
        while start < end, value[start].isBlankOrLineEnd { start += 1 }
        while end > start, value[end - 1].isBlankOrLineEnd { end -= 1 }
        return start == 0 && end == value.count ? value : Array(value[start..<end])
    }

    /// Whether anything in the value may be more than plain text.
    private static func hasMarks(_ value: [UInt8]) -> Bool {
        var previous: UInt8 = 0
        for byte in value {
            if byte == ASCII.lf || byte == ASCII.cr || (byte == UInt8(ascii: "?") && previous == UInt8(ascii: "=")) {
                return true
            }
            previous = byte
        }
        return false
    }
}
