import Glibc

/// By what a changed file is known.
struct FileStamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    /// The octets of the time of the last change; only whether they are the same matters.
    private let modified: [UInt8]

    /// nil if there is no such file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = withUnsafeBytes(of: status.st_mtim) { Array($0) }
    }
}

/// A file that was read for a configuration, as it was before.
struct ReadFile: Hashable, Sendable {
    let path: String
    let stamp: FileStamp?
}
