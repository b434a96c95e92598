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
            digits.withUnsafeBufferPointer { digits in
                var writer = Writer(text: text, digits: digits, output: output)
                var start = 0
                while start < text.count {
                    let found = memchr(base + start, Int32(ASCII.lf), text.count - start)
                    let end = found.map { UnsafeRawPointer($0) - base }
                    writer.take(line: start..<(end ?? text.count), hasEnd: end != nil)
                    start = (end ?? text.count) + 1
                }
                (count, isClean) = (writer.count, writer.isClean)
            }
        }
        return Decoding(bytes: bytes, isClean: isClean)
    }

    /// The values of hexadecimal digits; of what is none, at least 16.
    private static let digits = (0...255).map { (byte: UInt8) in byte.hexadecimalValue ?? 0xFF }

    /// Decodes line by line; the output is never longer than the text.
    private struct Writer {
        let text: UnsafeRawBufferPointer
        let digits: UnsafeBufferPointer<UInt8>
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
            var (position, to) = (range.lowerBound, count)
            let target = UnsafeMutableRawBufferPointer(output)
            while position < range.upperBound {
                let isMark = text[position] == equals
                if isMark, position + 2 < range.upperBound {
                    let (high, low) = (digits[Int(text[position + 1])], digits[Int(text[position + 2])])
                    if high | low < 16 {
                        output[to] = high << 4 | low
                        position += 3
                        to += 1
                        continue
                    }
                } else if !isMark, position + 8 <= range.upperBound {
                    // Eight octets at a time; those behind a mark are written over.
                    let word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                    target.storeBytes(of: word.littleEndian, toByteOffset: to, as: UInt64.self)
                    let plain = Self.octetsBeforeMark(word)
                    position += plain
                    to += plain
                    continue
                }
                isClean = isClean && !isMark
                output[to] = text[position]
                position += 1
                to += 1
            }
            count = to
        }

        /// How many of eight octets, the first one lowest, stand before the first `=`.
        @inline(__always)
        private static func octetsBeforeMark(_ word: UInt64) -> Int {
            let ones: UInt64 = 0x0101_0101_0101_0101
            let difference = word ^ (ones &* UInt64(equals))
            // The lowest one of these bits is that of the first mark.
            let marks = (difference &- ones) & ~difference & (ones &* 0x80)
            return marks == 0 ? 8 : marks.trailingZeroBitCount / 8
        }

        private mutating func append(_ byte: UInt8) {
            output[count] = byte
            count += 1
        }
    }
}

private let equals = UInt8(ascii: "=")
