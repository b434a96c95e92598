import Glibc
package import MailMIME
package import NIOCore
package import QueueCore

/// The octets of a message piece by piece, as they are or as a plan changes the body. Reading blocks its thread.
package struct MessagePieces: Sendable {
    private static let pieceSize = 128 * 1_024

    /// What is to be given out before anything is read.
    private var ready: ByteBuffer?
    private var file: OpenBody?
    private var offset: UInt64 = 0
    private var left: UInt64 = 0
    private var writer: DowngradeWriter?

    /// - Parameter plan: made of the body alone, which begins with the message's own header.
    package init(_ content: MessageContent, _ plan: DowngradePlan? = nil) throws(SystemError) {
        writer = plan.map { DowngradeWriter($0) }
        switch content.body {
        case .memory(let body):
            var message = content.prefix
            if var writer {
                message.writeBytes(body.withUnsafeReadableBytes { writer.receive($0) })
                message.writeBytes(writer.finish())
                self.writer = nil
            } else {
                message.writeImmutableBuffer(body)
            }
            ready = message
        case .file(let path, let offset, let length):
            ready = content.prefix
            file = try OpenBody(path)
            (self.offset, left) = (offset, length)
        }
    }

    /// Nil behind the last octet; no piece is empty.
    package mutating func next() throws(SystemError) -> ByteBuffer? {
        while true {
            if let piece = ready {
                ready = nil
                if piece.readableBytes > 0 { return piece }
            }
            if left > 0, let file {
                let piece = try file.read(at: offset, count: Int(min(left, UInt64(Self.pieceSize))))
                offset += UInt64(piece.readableBytes)
                left -= UInt64(piece.readableBytes)
                guard writer != nil else { return piece }
                ready = ByteBuffer(bytes: piece.withUnsafeReadableBytes { writer?.receive($0) } ?? [])
            } else if var writer {
                ready = ByteBuffer(bytes: writer.finish())
                self.writer = nil
            } else {
                return nil
            }
        }
    }
}

/// A message's file, closed when nobody reads it any more.
private final class OpenBody: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws(SystemError) {
        descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open", code: errno) }
    }

    deinit { close(descriptor) }

    /// What is there, `count` octets at most; at least one.
    func read(at offset: UInt64, count: Int) throws(SystemError) -> ByteBuffer {
        var piece = ByteBuffer()
        var code: Int32 = 0
        let read = piece.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            var result = 0
            repeat {
                result = pread(descriptor, room.baseAddress, count, off_t(offset))
            } while result < 0 && errno == EINTR
            code = result < 0 ? errno : 0
            return max(0, result)
        }
        guard read > 0 else { throw SystemError("pread", code: code) }
        return piece
    }
}
