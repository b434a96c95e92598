import CLinuxFiles
import Glibc

/// The mailbox on a file system of the kernel.
package struct PosixMailboxFiles: MailboxFiles {
    package init() {}

    package func openFolder(_ path: String) throws(SystemError) -> Int32 {
        try check("open") { open(path, folderFlags) }
    }

    package func openFolder(_ name: String, in folder: Int32) throws(SystemError) -> Int32 {
        try check("openat") { openat(folder, name, folderFlags) }
    }

    package func makeFolder(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw SystemError("mkdir", code: errno) }
    }

    package func create(_ name: String, in folder: Int32) throws(SystemError) -> Int32 {
        try check("openat") { openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600) }
    }

    package func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try check("write") {
                Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            }
            rest = rest.dropFirst(count)
        }
    }

    package func copy(from path: String, offset: UInt64, length: UInt64, to file: Int32) throws(SystemError) {
        let source = try check("open") { open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
        defer { close(source) }
        var position = off_t(offset)
        let end = position + off_t(length)
        while position < end {
            let count = try check("sendfile") { sendfile(file, source, &position, Int(min(end - position, 1 << 30))) }
            if count == 0 { throw SystemError("sendfile", code: 0) }
        }
    }

    package func startWriteback(_ file: Int32) {
        _ = sync_file_range(file, 0, 0, UInt32(MARTLET_SYNC_FILE_RANGE_WRITE))
    }

    package func syncFile(_ file: Int32) throws(SystemError) {
        try check("fdatasync") { fdatasync(file) }
    }

    package func syncFolder(_ folder: Int32) throws(SystemError) {
        try check("fsync") { fsync(folder) }
    }

    package func move(_ name: String, from folder: Int32, to other: Int32) throws(SystemError) -> Bool {
        if renameat2(folder, name, other, name, UInt32(MARTLET_RENAME_NOREPLACE)) == 0 { return true }
        switch errno {
        case EEXIST: return false
        case EINVAL, ENOSYS: return try link(name, from: folder, to: other)
        default: throw SystemError("renameat2", code: errno)
        }
    }

    /// The way of file systems that cannot rename without overwriting.
    private func link(_ name: String, from folder: Int32, to other: Int32) throws(SystemError) -> Bool {
        if linkat(folder, name, other, name, 0) != 0 {
            guard errno == EEXIST else { throw SystemError("linkat", code: errno) }
            return false
        }
        remove(name, in: folder)
        return true
    }

    package func remove(_ name: String, in folder: Int32) {
        _ = unlinkat(folder, name, 0)
    }

    package func names(in folder: Int32) throws(SystemError) -> [String] {
        // A descriptor of its own: reading moves the position, and closing the stream closes its descriptor.
        let descriptor = try openFolder(".", in: folder)
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw SystemError("fdopendir", code: code)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                    tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
            errno = 0
        }
        guard errno == 0 else { throw SystemError("readdir", code: errno) }
        return names
    }

    /// The octets of a file.
    func size(of name: String, in folder: Int32) throws(SystemError) -> UInt64 {
        var status = stat()
        try check("fstatat") { fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) }
        return UInt64(max(0, status.st_size))
    }

    package func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }
}

private let folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

/// Makes a system call, again where a signal came in between.
@discardableResult
private func check<Value: BinaryInteger>(_ name: String, _ call: () -> Value) throws(SystemError) -> Value {
    while true {
        let value = call()
        if value >= 0 { return value }
        let code = errno
        if code != EINTR { throw SystemError(name, code: code) }
    }
}
