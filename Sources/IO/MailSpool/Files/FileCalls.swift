import Glibc
import NIOCore

/// The system calls on which the promise of the spool rests, so that their failure can be rehearsed.
protocol FileCalls: Sendable {
    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: UInt64) throws(FileError)
    /// Returns when the file's data and what is needed to read it are on disk.
    func synchronize(_ file: OpenFile) throws(FileError)
    /// Cuts the file to `length`.
    func truncate(_ file: OpenFile, to length: UInt64) throws(FileError)
    /// What is free on the file system of `path` for this user.
    func freeSpace(at path: String) throws(FileError) -> FreeSpace
}

extension FileCalls {
    func write(_ buffer: ByteBuffer, to file: OpenFile, at offset: UInt64) throws(FileError) {
        var failure: FileError?
        buffer.withUnsafeReadableBytes { bytes in
            do throws(FileError) {
                try write(bytes, to: file, at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}

/// What is left of a file system.
struct FreeSpace: Hashable, Sendable {
    var octets: UInt64
    var inodes: UInt64
}

/// The calls of the operating system.
struct SystemFileCalls: FileCalls {
    func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: UInt64) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = pwrite(file.descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(written))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError.last("write", file.path) }
            written += count
        }
    }

    func synchronize(_ file: OpenFile) throws(FileError) {
        guard fdatasync(file.descriptor) == 0 else { throw FileError.last("fdatasync", file.path) }
    }

    func truncate(_ file: OpenFile, to length: UInt64) throws(FileError) {
        guard ftruncate(file.descriptor, off_t(length)) == 0 else { throw FileError.last("ftruncate", file.path) }
    }

    func freeSpace(at path: String) throws(FileError) -> FreeSpace {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw FileError.last("statvfs", path) }
        // File systems without a fixed number of inodes report none at all.
        let inodes = status.f_files == 0 ? UInt64.max : UInt64(status.f_favail)
        return FreeSpace(octets: UInt64(status.f_bavail) * UInt64(status.f_frsize), inodes: inodes)
    }
}
