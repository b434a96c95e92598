import Glibc
import NIOCore
import QueueCore

/// A message as a program reads it, piece by piece.
final class ProgramInput {
    private static let pieceSize = 64 * 1_024

    private var piece: ByteBuffer
    private var file: Int32 = -1
    private var offset: UInt64 = 0
    private var left: UInt64 = 0

    init(_ content: MessageContent) throws(SystemError) {
        piece = content.prefix
        switch content.body {
        case .memory(let body): piece.writeImmutableBuffer(body)
        case .file(let path, let offset, let length):
            file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            guard file >= 0 else { throw SystemError("open", code: errno) }
            (self.offset, left) = (offset, length)
        }
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// Writes what the pipe takes.
    ///
    /// - Returns: whether there is more.
    func write(to pipe: Int32) throws(SystemError) -> Bool {
        while true {
            if piece.readableBytes == 0, left > 0 { try readPiece() }
            guard piece.readableBytes > 0 else { return false }
            let count = piece.withUnsafeReadableBytes { Glibc.write(pipe, $0.baseAddress, $0.count) }
            if count < 0 {
                switch errno {
                case EINTR: continue
                case EAGAIN: return true
                // The program does not want the rest.
                case EPIPE: return false
                default: throw SystemError("write", code: errno)
                }
            }
            piece.moveReaderIndex(forwardBy: count)
        }
    }

    private func readPiece() throws(SystemError) {
        piece.clear()
        let (file, offset, most) = (file, offset, Int(min(left, UInt64(Self.pieceSize))))
        var code: Int32 = 0
        let count = piece.writeWithUnsafeMutableBytes(minimumWritableBytes: most) { room in
            let count = pread(file, room.baseAddress, most, off_t(offset))
            code = errno
            return max(0, count)
        }
        guard count > 0 else { throw SystemError("pread", code: code) }
        self.offset += UInt64(count)
        left -= UInt64(count)
    }
}
