import Glibc
import NIOCore

/// An open file or folder; closed when nobody holds it any more.
final class OpenFile: Sendable {
    let descriptor: Int32
    let path: String

    /// - Parameter flags: those of open(2); `O_CLOEXEC` is added.
    init(_ path: String, flags: Int32) throws(FileError) {
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError.last("open", path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    func length() throws(FileError) -> UInt64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError.last("stat", path) }
        return UInt64(status.st_size)
    }

    /// Reads up to `count` octets from `offset` on: fewer only at the end of the file.
    func read(_ count: Int, at offset: UInt64) throws(FileError) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count)
        var failure: FileError?
        while buffer.readableBytes < count {
            let position = off_t(offset) + off_t(buffer.readableBytes)
            let rest = count - buffer.readableBytes
            let taken = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: rest) { space in
                let taken = pread(descriptor, space.baseAddress, rest, position)
                if taken < 0, errno != EINTR { failure = FileError.last("read", path) }
                return max(taken, 0)
            }
            if let failure { throw failure }
            if taken == 0 { break }
        }
        return buffer
    }
}
