import CText
import MailCore

/// Quoted-printable (RFC 2045 §6.7): text that stays readable.
public enum QuotedPrintable {
    private static let longestLine = 76

    /// Encodes text whose lines end with CRLF; the line ends stay, and no line is longer than 76 characters.
    public static func encode(_ text: [UInt8]) -> [UInt8] {
        // Should every octet take three, and the lines their breaks.
        let room = text.count * 3 + (text.count * 3 / (longestLine - 3) + 2) * 3
        return [UInt8](unsafeUninitializedCapacity: room) { output, count in
            text.withUnsafeBufferPointer { text in
                var writer = Writer(text: text, output: output)
                writer.encode()
                count = writer.count
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte > ASCII.space && byte < 0x7F && byte != equals }

    private struct Writer {
        let text: UnsafeBufferPointer<UInt8>
        let output: UnsafeMutableBufferPointer<UInt8>
        var count = 0
        private var column = 0

        init(text: UnsafeBufferPointer<UInt8>, output: UnsafeMutableBufferPointer<UInt8>) {
            self.text = text
            self.output = output
        }

        mutating func encode() {
            guard let base = text.baseAddress else { return }
            var (start, searched) = (0, 0)
            while start < text.count {
                let place = memchr(base + searched, Int32(ASCII.lf), text.count - searched)
                let found = place.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) }
                searched = found.map { $0 + 1 } ?? text.count
                // A line feed alone is no line end.
                if let found, found == start || text[found - 1] != ASCII.cr { continue }
                encode(start..<(found.map { $0 - 1 } ?? text.count))
                if found != nil {
                    append(ASCII.cr)
                    append(ASCII.lf)
                }
                column = 0
                start = searched
            }
        }

        /// A line without its end. A blank at its end would be lost on the way.
        private mutating func encode(_ line: Range<Int>) {
            guard let last = line.last else { return }
            // A line that goes on needs room for the `=` that says so.
            var position = line.lowerBound
            while position < last {
                if position + 8 <= last, column + 8 < longestLine {
                    let plain = copyPlain(at: position)
                    position += plain
                    if plain == 8 { continue }
                }
                let byte = text[position]
                let isPlain = QuotedPrintable.isPlain(byte) || byte == ASCII.space || byte == ASCII.tab
                encode(byte, isPlain: isPlain, longest: longestLine - 1)
                position += 1
            }
            encode(text[last], isPlain: QuotedPrintable.isPlain(text[last]), longest: longestLine)
        }

        /// Copies what is printable ASCII of the next eight octets, up to the first one that is not. What lies behind it
        /// is written over.
        private mutating func copyPlain(at position: Int) -> Int {
            let ones: UInt64 = 0x0101_0101_0101_0101
            let octets = UnsafeRawBufferPointer(text)
            let word = UInt64(littleEndian: octets.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            UnsafeMutableRawBufferPointer(output).storeBytes(
                of: word.littleEndian, toByteOffset: count, as: UInt64.self)
            // The lowest bit is that of the first octet that is a control character, `=`, DEL, or beyond ASCII.
            let (mark, delete) = (word ^ (ones &* UInt64(equals)), word ^ (ones &* 0x7F))
            let found =
                ((word &- ones &* 0x20) & ~word | (mark &- ones) & ~mark | (delete &- ones) & ~delete | word)
                & (ones &* 0x80)
            let length = found == 0 ? 8 : found.trailingZeroBitCount / 8
            count += length
            column += length
            return length
        }

        @inline(__always)
        private mutating func encode(_ byte: UInt8, isPlain: Bool, longest: Int) {
            let width = isPlain ? 1 : 3
            if column + width > longest {
                append(equals)
                append(ASCII.cr)
                append(ASCII.lf)
                column = 0
            }
            column += width
            guard !isPlain else { return append(byte) }
            append(equals)
            append(Hexadecimal.digit(byte >> 4))
            append(Hexadecimal.digit(byte & 15))
        }

        private mutating func append(_ byte: UInt8) {
            output[count] = byte
            count += 1
        }
    }

    private static let equals = UInt8(ascii: "=")
}

enum Hexadecimal {
    /// Two digits, in capitals.
    static func digits(of byte: UInt8) -> [UInt8] { [digit(byte >> 4), digit(byte & 15)] }

    static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
