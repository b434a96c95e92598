import MailCore

/// Quoted-printable (RFC 2045 §6.7): text that stays readable.
public enum QuotedPrintable {
    private static let longestLine = 76

    /// Encodes text whose lines end with CRLF; the line ends stay, and no line is longer than 76 characters.
    public static func encode(_ text: [UInt8]) -> [UInt8] {
        let length = text.reduce(text.count) { $0 + (isPlain($1) ? 0 : 2) }
        let room = length + (length / (longestLine - 3) + 2) * 3
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
            var position = 0
            while position < text.count {
                if isLineEnd(at: position) {
                    append(ASCII.cr)
                    append(ASCII.lf)
                    column = 0
                    position += 2
                } else {
                    encode(text[position], isLast: position + 1 == text.count || isLineEnd(at: position + 1))
                    position += 1
                }
            }
        }

        /// - Parameter isLast: whether the octet ends its line; a blank there would be lost on the way.
        private mutating func encode(_ byte: UInt8, isLast: Bool) {
            let isBlank = byte == ASCII.space || byte == ASCII.tab
            let isPlain = isBlank ? !isLast : QuotedPrintable.isPlain(byte)
            let width = isPlain ? 1 : 3
            // A line that goes on needs room for the `=` that says so.
            if column + width > (isLast ? longestLine : longestLine - 1) {
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

        private func isLineEnd(at position: Int) -> Bool {
            text[position] == ASCII.cr && position + 1 < text.count && text[position + 1] == ASCII.lf
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
