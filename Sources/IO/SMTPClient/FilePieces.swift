import Glibc
import NIOCore
import NIOPosix

/// A message in a file, piece by piece; reading does not block the caller's thread.
struct FilePieces: AsyncSequence, Sendable {
    private static let pieceSize = 128 * 1_024

    let prefix: ByteBuffer
    let path: String
    let offset: UInt64
    let length: UInt64

    func makeAsyncIterator() -> Iterator { Iterator(pieces: self) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let pieces: FilePieces
        private var isBegun = false
        private var file: OpenContent?
        private var position: UInt64 = 0

        fileprivate init(pieces: FilePieces) {
            self.pieces = pieces
        }

        mutating func next() async throws -> ByteBuffer? {
            if !isBegun {
                isBegun = true
                return pieces.prefix
            }
            let count = Swift.min(UInt64(FilePieces.pieceSize), pieces.length - position)
            guard count > 0 else { return nil }
            let start = pieces.offset + position
            let (file, path) = (file, pieces.path)
            let (opened, piece) = try await NIOThreadPool.singleton.runIfActive {
                let opened = try file ?? OpenContent(path)
                return (opened, try opened.read(at: start, count: Int(count)))
            }
            self.file = opened
            position += count
            return piece
        }
    }
}

/// A message's file, closed when nobody reads it any more.
private final class OpenContent: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "open") }
    }

    deinit { close(descriptor) }

    /// - Throws: also where the file ends before `count` octets are read.
    func read(at offset: UInt64, count: Int) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            var filled = 0
            while filled < count {
                let result = pread(
                    descriptor, room.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
                if result < 0, errno == EINTR { continue }
                guard result > 0 else { throw IOError(errnoCode: result < 0 ? errno : EIO, reason: "pread") }
                filled += result
            }
            return filled
        }
        return buffer
    }
}
