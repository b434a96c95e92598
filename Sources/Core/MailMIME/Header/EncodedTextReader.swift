import MailCore

/// Reads text with encoded words in it (RFC 2047). Words side by side in one charset are joined before the charset is
/// read, for some writers split characters between them; the blanks between words are no text (§6.2).
struct EncodedTextReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int
    private var output: [UInt8] = []
    /// Octets of encoded words whose charset is not yet read.
    private var pending: [UInt8] = []
    private var pendingCharset: [UInt8] = []
    /// Set once no `?=` is left, so that it is not searched for again and again.
    private var hasNoMoreEnds = false
    /// Whether the text so far ends, or began, with an encoded word.
    private(set) var endsEncoded = false
    private(set) var beginsEncoded = false

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        (position, end) = (range.lowerBound, range.upperBound)
        output.reserveCapacity(range.count)
    }

    init(_ bytes: [UInt8]) {
        self.init(bytes, bytes.indices)
    }

    mutating func text() -> String {
        while position < end {
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
            let start = position
            repeat {
                position += 1
            } while position < end && !bytes[position].isBlankOrLineEnd && bytes[position] != UInt8(ascii: "=")
            output += bytes[start..<position]
            endsEncoded = false
            return
        }
        let start = position
        while position < end, bytes[position].isBlankOrLineEnd { position += 1 }
        if endsEncoded, position < end, bytes[position] == UInt8(ascii: "="), takeWord() { return }
        flush()
        let blanks = bytes[start..<position]
        if blanks.contains(ASCII.lf) || blanks.contains(ASCII.cr) {
            output.append(ASCII.space)
        } else {
            output += blanks
        }
    }

    // MARK: Encoded words

    /// `=?charset?encoding?text?=`; a language behind the charset does not matter here (RFC 2231 §5).
    private mutating func takeWord() -> Bool {
        guard !hasNoMoreEnds, let charsetEnd = endOfCharset(), charsetEnd + 2 < end,
            bytes[charsetEnd + 2] == question
        else { return false }
        let encoding = bytes[charsetEnd + 1].asciiLowercased
        guard encoding == UInt8(ascii: "q") || encoding == UInt8(ascii: "b") else { return false }
        let start = charsetEnd + 3
        guard let textEnd = endOfText(from: start) else { return false }
        let isFirst = output.isEmpty && pending.isEmpty
        let charset = bytes[position + 2..<charsetEnd].prefix { $0 != UInt8(ascii: "*") }
        if !charset.elementsEqual(pendingCharset) { flush() }
        pendingCharset = Array(charset)
        if encoding == UInt8(ascii: "b") {
            pending += Base64.decode(bytes[start..<textEnd]).bytes
        } else {
            appendQuoted(bytes[start..<textEnd])
        }
        position = textEnd + 2
        if isFirst { beginsEncoded = true }
        endsEncoded = true
        return true
    }

    /// Where the charset ends that begins here behind `=?`.
    private func endOfCharset() -> Int? {
        guard position + 1 < end, bytes[position + 1] == question else { return nil }
        var index = position + 2
        while index < end, index - position < 60, bytes[index] > ASCII.space, bytes[index] < 0x7F {
            if bytes[index] == question { return index > position + 2 ? index : nil }
            index += 1
        }
        return nil
    }

    private mutating func endOfText(from start: Int) -> Int? {
        var index = start
        while index + 1 < end {
            if bytes[index] == question, bytes[index + 1] == UInt8(ascii: "=") { return index }
            index += 1
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
