import NIOCore

/// A message piece by piece, with the line ends that programs of this machine expect: LF.
struct LineFeedContent: Sequence, IteratorProtocol {
    private static let pieceSize = 64 * 1_024

    private let content: [UInt8]
    private var position = 0

    /// - Parameter content: lines that end with CRLF.
    init(_ content: [UInt8]) {
        self.content = content
    }

    mutating func next() -> ByteBuffer? {
        guard position < content.count else { return nil }
        var piece = ByteBufferAllocator().buffer(capacity: Self.pieceSize)
        let end = Swift.min(position + Self.pieceSize, content.count)
        while position < end {
            let line = content[position..<end]
            let mark = line.firstIndex(of: 0x0D) ?? end
            piece.writeBytes(line[..<mark])
            position = mark
            guard mark < end else { break }
            // The CR is left out before an LF, which is then the first octet of the next line.
            if mark + 1 == content.count || content[mark + 1] != 0x0A { piece.writeInteger(UInt8(0x0D)) }
            position = mark + 1
        }
        return piece
    }
}
