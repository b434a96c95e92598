import CZlib
import NIOCore

/// The CRC-32 of octets that come in pieces.
struct Checksum: Hashable, Sendable {
    private(set) var value: UInt32 = 0

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            let octets = piece.bindMemory(to: UInt8.self)
            value = UInt32(truncatingIfNeeded: crc32(uLong(value), octets.baseAddress, uInt(octets.count)))
            rest = rest.dropFirst(piece.count)
        }
    }

    mutating func add(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { add($0) }
    }

    /// Adds what `buffer` holds from `index` on.
    mutating func add(_ buffer: ByteBuffer, from index: Int) {
        buffer.withUnsafeReadableBytes { add(UnsafeRawBufferPointer(rebasing: $0[(index - buffer.readerIndex)...])) }
    }
}
