import MailCore

/// `format=flowed` (RFC 3676): a line that ends with a space goes on in the next one.
enum FlowedText {
    private static let longestLine = 78
    static let signature = Array("-- ".utf8)

    /// Breaks the long lines of text whose lines end with CRLF; nil where a reader could not join them to the same text,
    /// or where the text is not printable ASCII.
    static func encode(_ text: [UInt8]) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 32)
        var start = 0
        while start < text.count {
            guard let end = text[start...].firstIndex(of: ASCII.cr) else { return nil }
            guard append(text[start..<end], to: &output) else { return nil }
            start = end + 2
        }
        return output
    }

    private static func append(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) -> Bool {
        guard line.allSatisfy({ $0 == ASCII.tab || ($0 >= ASCII.space && $0 < 0x7F) }) else { return false }
        guard line.last != ASCII.space || line.elementsEqual(signature) else { return false }
        var rest = line
        repeat {
            let isStuffed = needsStuffing(rest)
            let room = longestLine - (isStuffed ? 1 : 0)
            var piece = rest
            if rest.count > room {
                guard let end = lastBreak(in: rest, room: room) else { return false }
                piece = rest[..<end]
                if piece.elementsEqual(signature) { return false }
            }
            if isStuffed { output.append(ASCII.space) }
            output += piece
            output += [ASCII.cr, ASCII.lf]
            rest = rest[piece.endIndex...]
        } while !rest.isEmpty
        return true
    }

    /// Behind the last space that has text behind it.
    private static func lastBreak(in line: ArraySlice<UInt8>, room: Int) -> Int? {
        var end = line.startIndex + room
        while end > line.startIndex {
            if line[end - 1] == ASCII.space, line[end] != ASCII.space { return end }
            end -= 1
        }
        return nil
    }

    /// Whether a reader would take the first octets for stuffing, for a quote, or for the separator of mbox files.
    private static func needsStuffing(_ line: ArraySlice<UInt8>) -> Bool {
        line.first == ASCII.space || line.first == ASCII.greater || line.starts(with: Array("From ".utf8))
    }
}
