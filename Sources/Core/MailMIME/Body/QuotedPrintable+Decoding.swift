import CText
import MailCore

extension QuotedPrintable {
    /// Reads quoted-printable (RFC 2045 §6.7): blanks at the end of a line are dropped, and a `=` that begins nothing
    /// stays as it is.
    public static func decode(_ text: some Sequence<UInt8>) -> Decoding {
        let fast: Decoding?? = text.withContiguousStorageIfAvailable { decode(UnsafeRawBufferPointer($0)) }
        if let decoded = fast ?? nil { return decoded }
        return Array(text).withUnsafeBytes { decode($0) }
    }

    /// Pieces of a text can be read one by one where they are cut behind line ends.
    static func decode(_ text: UnsafeRawBufferPointer) -> Decoding {
        guard let base = text.baseAddress else { return Decoding(bytes: [], isClean: true) }
        var isClean = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count) { output, count in
            var writer = Writer(text: text, base: base, output: output)
            var start = 0
            while start < text.count {
                let found = memchr(base + start, Int32(ASCII.lf), text.count - start)
                let end = found.map { UnsafeRawPointer($0) - base }
                writer.take(line: start..<(end ?? text.count), hasEnd: end != nil)
                start = (end ?? text.count) + 1
            }
            (count, isClean) = (writer.count, writer.isClean)
        }
        return Decoding(bytes: bytes, isClean: isClean)
    }

    /// Decodes line by line; the output is never longer than the text.
    private struct Writer {
        let text: UnsafeRawBufferPointer
        let base: UnsafeRawPointer
        let output: UnsafeMutableBufferPointer<UInt8>
        var count = 0
        var isClean = true

        /// - Parameter hasEnd: whether a line feed follows.
        mutating func take(line: Range<Int>, hasEnd: Bool) {
            var end = line.upperBound
            let hasReturn = hasEnd && end > line.lowerBound && text[end - 1] == ASCII.cr
            if hasReturn { end -= 1 }
            let firm = endWithoutBlanks(line.lowerBound..<end)
            let goesOn = firm > line.lowerBound && text[firm - 1] == equals
            if goesOn {
                end = firm - 1
            } else if hasEnd {
                end = firm
            }
            decode(line.lowerBound..<end)
            guard hasEnd, !goesOn else { return }
            if hasReturn { append(ASCII.cr) }
            append(ASCII.lf)
        }

        private func endWithoutBlanks(_ range: Range<Int>) -> Int {
            var end = range.upperBound
            while end > range.lowerBound, text[end - 1] == ASCII.space || text[end - 1] == ASCII.tab { end -= 1 }
            return end
        }

        private mutating func decode(_ range: Range<Int>) {
            var position = range.lowerBound
            while position < range.upperBound {
                position =
                    text[position] == equals
                    ? takeMark(position, end: range.upperBound) : copy(from: position, end: range.upperBound)
            }
        }

        /// Copies what stands before the next mark, eight octets at a time; those behind the mark are written over.
        ///
        /// - Returns: where to go on.
        private mutating func copy(from start: Int, end: Int) -> Int {
            var (position, to) = (start, count)
            let target = UnsafeMutableRawBufferPointer(output)
            while position + 8 <= end {
                let word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                target.storeBytes(of: word.littleEndian, toByteOffset: to, as: UInt64.self)
                let difference = word ^ (Self.ones &* UInt64(equals))
                // The lowest one of these bits is that of the first mark.
                let marks = (difference &- Self.ones) & ~difference & (Self.ones &* 0x80)
                let length = marks == 0 ? 8 : marks.trailingZeroBitCount / 8
                (position, to) = (position + length, to + length)
                if length < 8 { break }
            }
            while position < end, text[position] != equals {
                output[to] = text[position]
                (position, to) = (position + 1, to + 1)
            }
            count = to
            return position
        }

        private static let ones: UInt64 = 0x0101_0101_0101_0101

        /// - Returns: where to go on.
        private mutating func takeMark(_ mark: Int, end: Int) -> Int {
            if mark + 2 < end, let high = text[mark + 1].hexadecimalValue, let low = text[mark + 2].hexadecimalValue {
                append(high << 4 | low)
                return mark + 3
            }
            isClean = false
            append(equals)
            return mark + 1
        }

        private mutating func append(_ byte: UInt8) {
            output[count] = byte
            count += 1
        }
    }
}

private let equals = UInt8(ascii: "=")
