import NIOCore

/// How much is read from a connection at once: little until the peer sends much. A channel keeps its buffer between
/// reads, so this is most of what a session costs that does nothing.
struct ReadBufferSizing: RecvByteBufferAllocator {
    static let first = 1_024
    static let larger = 16 * 1_024

    private var size = first

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        allocator.buffer(capacity: size)
    }

    func nextBufferSize() -> Int? { size }

    mutating func record(actualReadBytes octets: Int) -> Bool {
        guard size == Self.first, octets >= size else { return false }
        size = Self.larger
        return true
    }
}
