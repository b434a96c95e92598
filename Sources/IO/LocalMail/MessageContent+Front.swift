import Glibc
import NIOCore
public import QueueCore

extension MessageContent {
    /// The first octets of the message, prefix included, at most `count`; fewer where the body cannot be read.
    public func front(_ count: Int) -> [UInt8] {
        let start = Array(prefix.readableBytesView.prefix(count))
        let rest = count - start.count
        switch body {
        case .memory(let buffer): return start + buffer.readableBytesView.prefix(rest)
        case .file(let path, let offset, let length):
            return start + Self.read(path, offset: offset, count: Int(min(length, UInt64(rest))))
        }
    }

    static func read(_ path: String, offset: UInt64, count: Int) -> [UInt8] {
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
