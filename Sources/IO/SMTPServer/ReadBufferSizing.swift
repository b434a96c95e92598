import NIOCore

/// How much is read from a connection at once: little until the peer sends much. A channel keeps its buffer between
/// reads, so this would be most of what a session costs that does nothing.
struct ReadBufferSizing: RecvByteBufferAllocator {
    /// For commands; for what comes before a session is encrypted; for messages.
    static let sizes = [128, 1_024, 16 * 1_024]

    private var step = 0
    private var size: Int { Self.sizes[step] }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        allocator.buffer(capacity: size)
    }

    func nextBufferSize() -> Int? { size }

    mutating func record(actualReadBytes octets: Int) -> Bool {
        guard step < Self.sizes.count - 1, octets >= size else { return false }
        step += 1
        return true
    }
}
