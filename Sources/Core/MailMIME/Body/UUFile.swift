import MailCore

/// A file within the text of a part, as it was sent before MIME: `begin MODE NAME`, lines, `end`.
public struct UUFile: Hashable, Sendable {
    /// As the text has it. It may hold anything: a path, control characters.
    public let name: String
    public let bytes: [UInt8]
    /// Where it lies in the decoded body, from `begin` to behind `end`.
    public let range: Range<Int>
}

extension UUEncoding {
    /// How many files of one text count.
    private static let most = 100

    /// The files in a text, in their order. A `begin` that is not followed by nothing but lines of the right length, and
    /// `end`, is text.
    public static func files(in text: [UInt8]) -> [UUFile] {
        text.withUnsafeBytes { text in
            var files: [UUFile] = []
            var lines = TextLines(text)
            var start = 0
            while files.count < most, let line = lines.next() {
                if isBegin(line), let file = file(begin: line, from: start, lines, in: text) {
                    files.append(file)
                    lines.move(to: file.range.upperBound)
                }
                start = lines.position
            }
            return files
        }
    }

    private static func file(
        begin: UnsafeRawBufferPointer, from start: Int, _ following: TextLines, in text: UnsafeRawBufferPointer
    ) -> UUFile? {
        var lines = following
        while let line = lines.next() {
            if line.elementsEqual("end".utf8) {
                let range = start..<min(lines.position, text.count)
                let body = UnsafeRawBufferPointer(rebasing: text[range]).withMemoryRebound(to: UInt8.self) { body in
                    var decoder = UUDecoder()
                    return decoder.decode(body)
                }
                return UUFile(name: name(in: begin), bytes: body, range: range)
            }
            guard isData(line) else { return nil }
        }
        return nil
    }

    /// Behind `begin ` and the mode.
    private static func name(in begin: UnsafeRawBufferPointer) -> String {
        let rest = begin.dropFirst(6).drop { $0 != ASCII.space }.drop { $0 == ASCII.space }
        return String(utf8: rest)
    }

    /// Whether the line has about as many digits as it says; blanks at the end may be lost, and one more may be there.
    private static func isData(_ line: UnsafeRawBufferPointer) -> Bool {
        guard let first = line.first else { return true }
        guard first >= ASCII.space, first <= 0x60, line.allSatisfy({ $0 >= ASCII.space && $0 <= 0x60 }) else {
            return false
        }
        let digits = (Int((first - ASCII.space) & 63) + 2) / 3 * 4
        return line.count - 1 <= digits + 2
    }
}

extension MessagePart {
    /// The uuencoded files in a part that is plain text; `decodedBody()` holds them still.
    public var uuencodedFiles: [UUFile] {
        guard mediaType == "text/plain", transferEncoding != .uuencode, mayHoldFile else { return [] }
        return UUEncoding.files(in: decodedBody().bytes)
    }

    /// Whether it is worth while to decode the body: an encoded `begin` may look like anything.
    private var mayHoldFile: Bool {
        guard transferEncoding == .identity else { return true }
        var found = false
        message.octets.forEachPiece(bodyRange) { piece in
            var lines = TextLines(UnsafeRawBufferPointer(piece))
            while !found, let line = lines.next() { found = UUEncoding.isBegin(line) }
        }
        return found
    }
}
