public import struct NIOCore.ByteBuffer

/// A queued message's bytes: the header fields added here, then the body exactly as it came.
public struct MessageContent: Hashable, Sendable {
    /// Where a body lies.
    public enum Body: Hashable, Sendable {
        case memory(ByteBuffer)
        /// `length` octets of the file at `path`, from `offset` on.
        case file(path: String, offset: UInt64, length: UInt64)
    }

    public var prefix: ByteBuffer
    public var body: Body

    public init(prefix: ByteBuffer, body: Body) {
        self.prefix = prefix
        self.body = body
    }

    /// Octets of prefix and body together.
    public var size: UInt64 { UInt64(prefix.readableBytes) + bodyLength }

    public var bodyLength: UInt64 {
        switch body {
        case .memory(let buffer): UInt64(buffer.readableBytes)
        case .file(_, _, let length): length
        }
    }
}
