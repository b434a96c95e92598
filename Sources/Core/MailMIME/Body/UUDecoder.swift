import CText
import MailCore

/// Reads the first uuencoded file of a text that comes in pieces, which must be cut behind line ends.
struct UUDecoder {
    private enum State {
        case text
        case file
        case ended
    }

    private var state = State.text

    /// Whether a file has begun.
    var hasBegun: Bool { state != .text }

    /// Whether the file has ended as it should.
    var isClean: Bool { state == .ended }

    /// The octets of the file that the piece holds.
    mutating func decode(_ piece: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(piece.count / 4 * 3)
        var lines = TextLines(UnsafeRawBufferPointer(piece))
        while state != .ended, let line = lines.next() {
            switch state {
            case .text: if UUEncoding.isBegin(line) { state = .file }
            case .file: take(line, &output)
            case .ended: break
            }
        }
        return output
    }

    private mutating func take(_ line: UnsafeRawBufferPointer, _ output: inout [UInt8]) {
        if line.elementsEqual("end".utf8) {
            state = .ended
        } else if let first = line.first {
            append(line, length: Int((first &- 32) & 63), to: &output)
        }
    }

    /// Digits that are missing at the end of a line are blanks that were cut off.
    private func append(_ line: UnsafeRawBufferPointer, length: Int, to output: inout [UInt8]) {
        var left = length
        var position = 1
        while left > 0 {
            var group: UInt32 = 0
            for index in position..<position + 4 {
                let digit = index < line.count ? (line[index] &- 32) & 63 : 0
                group = group << 6 | UInt32(digit)
            }
            for index in 0..<min(3, left) {
                output.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * UInt32(index))))
            }
            position += 4
            left -= 3
        }
    }
}

/// The lines of a text without their line ends, where they lie.
struct TextLines {
    private let bytes: UnsafeRawBufferPointer
    /// Where the next line begins.
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func move(to position: Int) { self.position = position }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard position < bytes.count, let base = bytes.baseAddress else { return nil }
        let start = position
        let found = memchr(base + start, Int32(ASCII.lf), bytes.count - start).map { UnsafeRawPointer($0) - base }
        position = (found ?? bytes.count) + 1
        var end = found ?? bytes.count
        if end > start, bytes[end - 1] == ASCII.cr { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}
