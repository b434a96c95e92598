public import NIOCore

/// Where the octets of a message are.
public enum SMTPContent: Sendable {
    /// The whole message.
    case memory(ByteBuffer)
    /// The prefix, then `length` octets of the file at `path` from `offset` on. It is read while it is sent.
    case file(prefix: ByteBuffer, path: String, offset: UInt64, length: UInt64)
    /// So many octets, asked for piece by piece while they are sent, from the start each time they are sent.
    case pieces(size: UInt64, any AsyncSequence<ByteBuffer, any Error> & Sendable)

    /// The same of lines that end with CRLF, the last one too, without a NUL. They go with BDAT where the server offers
    /// CHUNKING.
    case lines(size: UInt64, any AsyncSequence<ByteBuffer, any Error> & Sendable)

    /// The octets of the message.
    public var size: UInt64 {
        switch self {
        case .memory(let buffer): UInt64(buffer.readableBytes)
        case .file(let prefix, _, _, let length): UInt64(prefix.readableBytes) + length
        case .pieces(let size, _), .lines(let size, _): size
        }
    }
}
