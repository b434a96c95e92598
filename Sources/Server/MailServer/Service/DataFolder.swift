import Glibc

/// The folder that holds everything a server keeps.
enum DataFolder {
    /// Makes it, with all that is missing above it. What is in it guards itself: others may pass, on the way to the
    /// maildrop, but not look.
    ///
    /// - Parameter user: as whom the server runs. Root is refused in the folder of another user, who could not use
    ///   what root makes there.
    /// - Throws: `DataFolderError` with the reason in words.
    static func create(_ path: String, user: UInt32 = geteuid()) throws(DataFolderError) {
        try make(path, in: path, mode: 0o711)
        var status = stat()
        guard stat(path, &status) == 0 else { throw .failed(path, at: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .failed(path, at: path, code: ENOTDIR) }
        if user == 0, status.st_uid != 0 { throw .foreign(path, owner: status.st_uid, group: status.st_gid) }
    }

    private static func make(_ folder: String, in path: String, mode: mode_t = 0o700) throws(DataFolderError) {
        if mkdir(folder, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else {
            throw .failed(path, at: folder, code: errno)
        }
        try make(String(folder[..<slash]), in: path)
        guard mkdir(folder, mode) == 0 || errno == EEXIST else { throw .failed(path, at: folder, code: errno) }
    }
}

/// A data folder that cannot be made or must not be used.
package enum DataFolderError: Error, Equatable, CustomStringConvertible {
    /// The folder, the one above it that was the trouble, and `errno`.
    case failed(String, at: String, code: Int32)
    /// Root was to serve in the folder of another user.
    case foreign(String, owner: UInt32, group: UInt32)

    /// Whether another user may do it.
    package var isDenied: Bool {
        switch self {
        case .failed(_, _, let code): code == EACCES || code == EPERM
        case .foreign: true
        }
    }

    package var description: String {
        switch self {
        case .failed(let path, let place, let code):
            "the data folder \(path) cannot be made: \(place): \(String(cString: strerror(code)))"
        case .foreign(let path, let owner, let group):
            "the data folder \(path) belongs to user \(owner), and root would leave files there that this user cannot "
                + "use; start the server as that user: setpriv --reuid=\(owner) --regid=\(group) --init-groups "
                + "martlet serve, or User= in the unit"
        }
    }
}
