import Glibc
import NIOCore
package import QueueCore

extension MessageContent {
    /// Gives `read` the octets of the body that `limit` allows; of a body in a file, its front. A body that cannot be
    /// read is empty.
    package func withFrontOfBody<Result>(atMost limit: Int, _ read: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch body {
        case .memory(let buffer):
            return buffer.withUnsafeReadableBytes { read(UnsafeRawBufferPointer(rebasing: $0.prefix(limit))) }
        case .file(let path, let offset, let length):
            return Self.front(path, offset: offset, count: Int(min(length, UInt64(limit)))).withUnsafeBytes(read)
        }
    }

    /// The first octets of the message, prefix included, at most `count`; fewer where the body cannot be read.
    package func front(_ count: Int) -> [UInt8] {
        let start = Array(prefix.readableBytesView.prefix(count))
        return start + withFrontOfBody(atMost: count - start.count) { Array($0) }
    }

    private static func front(_ path: String, offset: UInt64, count: Int) -> [UInt8] {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var result = 0
            while filled < count, result >= 0 {
                result = pread(
                    file, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
                if result == 0 { break }
                if result > 0 { filled += result }
            }
        }
    }
}
