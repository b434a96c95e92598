import Glibc
import NIOCore

/// A message as a program reads it, piece by piece.
struct ProgramInput {
    private var pieces: MessagePieces
    private var piece = ByteBuffer()

    init(_ delivery: ProgramDelivery) throws(SystemError) {
        pieces = try MessagePieces(delivery.content, delivery.plan)
    }

    /// Writes what the pipe takes.
    ///
    /// - Returns: whether there is more.
    mutating func write(to pipe: Int32) throws(SystemError) -> Bool {
        while true {
            if piece.readableBytes == 0 {
                guard let next = try pieces.next() else { return false }
                piece = next
            }
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
}
