import MailCore

/// Reads text with encoded words in it (RFC 2047). Words side by side in one charset are joined before the charset is
/// read, for some writers split characters between them; the blanks between words are no text (§6.2).
struct EncodedTextReader {
    private let bytes: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    /// Octets of encoded words whose charset is not yet read.
    private var pending: [UInt8] = []
    private var pendingCharset: [UInt8] = []
    /// Set once no `?=` is left, so that it is not searched for again and again.
    private var hasNoMoreEnds = false
    /// Whether the text so far ends, or began, with an encoded word.
    private(set) var endsEncoded = false
    private(set) var beginsEncoded = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func text() -> String {
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "="), takeWord() { continue }
            takePlain()
        }
        flush()
        return String(utf8: output)
    }

    // MARK: Plain text

    private mutating func takePlain() {
        let byte = bytes[position]
        guard byte.isBlankOrLineEnd else {
            flush()
            output.append(byte)
            endsEncoded = false
            position += 1
            return
        }
        let start = position
        while position < bytes.count, bytes[position].isBlankOrLineEnd { position += 1 }
        if endsEncoded, position < bytes.count, bytes[position] == UInt8(ascii: "="), takeWord() { return }
        flush()
        let blanks = bytes[start..<min(position, bytes.count)]
        if blanks.contains(ASCII.lf) || blanks.contains(ASCII.cr) {
            output.append(ASCII.space)
        } else {
            output += blanks
        }
    }

    // MARK: Encoded words

    /// `=?charset?encoding?text?=`; a language behind the charset does not matter here (RFC 2231 §5).
    private mutating func takeWord() -> Bool {
        guard !hasNoMoreEnds, let charsetEnd = endOfCharset(), charsetEnd + 2 < bytes.count,
            bytes[charsetEnd + 2] == question
        else { return false }
        let encoding = bytes[charsetEnd + 1].asciiLowercased
        guard encoding == UInt8(ascii: "q") || encoding == UInt8(ascii: "b") else { return false }
        let start = charsetEnd + 3
        guard let end = endOfText(from: start) else { return false }
        let isFirst = output.isEmpty && pending.isEmpty
        let charset = bytes[position + 2..<charsetEnd].prefix { $0 != UInt8(ascii: "*") }
        if !charset.elementsEqual(pendingCharset) { flush() }
        pendingCharset = Array(charset)
        if encoding == UInt8(ascii: "b") {
            pending += Base64.decode(bytes[start..<end]).bytes
        } else {
            appendQuoted(bytes[start..<end])
        }
        position = end + 2
        if isFirst { beginsEncoded = true }
        endsEncoded = true
        return true
    }

    /// Where the charset ends that begins here behind `=?`.
    private func endOfCharset() -> Int? {
        guard position + 1 < bytes.count, bytes[position + 1] == question else { return nil }
        var end = position + 2
        while end < bytes.count, end - position < 60, bytes[end] > ASCII.space, bytes[end] < 0x7F {
            if bytes[end] == question { return end > position + 2 ? end : nil }
            end += 1
        }
        return nil
    }

    private mutating func endOfText(from start: Int) -> Int? {
        var end = start
        while end + 1 < bytes.count {
            if bytes[end] == question, bytes[end + 1] == UInt8(ascii: "=") { return end }
            end += 1
        }
        hasNoMoreEnds = true
        return nil
    }

    /// Q (RFC 2047 §4.2); a fold within the word was no part of it.
    private mutating func appendQuoted(_ text: ArraySlice<UInt8>) {
        var index = text.startIndex
        var isFolded = false
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            if byte == ASCII.lf || byte == ASCII.cr { isFolded = true }
            if byte.isBlankOrLineEnd && isFolded { continue }
            isFolded = false
            if byte == UInt8(ascii: "="), index + 1 < text.endIndex, let high = text[index].hexadecimalValue,
                let low = text[index + 1].hexadecimalValue
            {
                pending.append(high << 4 | low)
                index += 2
            } else {
                pending.append(byte == UInt8(ascii: "_") ? ASCII.space : byte)
            }
        }
    }

    private mutating func flush() {
        guard !pending.isEmpty || !pendingCharset.isEmpty else { return }
        if !pending.isEmpty { output += Charset.decode(pending, label: String(utf8: pendingCharset)).text.utf8 }
        (pending, pendingCharset) = ([], [])
    }
}

private let question = UInt8(ascii: "?")
