import Glibc

/// The file of a `UserTable`. Whoever reads it sees all of an old or all of a new one, and nobody else reads it.
public struct UserFile: Sendable {
    public let path: String

    private static let largest = 16 << 20

    public init(path: String) {
        self.path = path
    }

    /// The users; none where there is no file.
    public func read() throws(UserFileError) -> UserTable {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return UserTable() }
            throw failure("cannot be read")
        }
        defer { close(descriptor) }
        var octets: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1_024)
        while octets.count <= Self.largest {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw failure("cannot be read") }
            if count == 0 { break }
            octets += chunk[..<count]
        }
        guard octets.count <= Self.largest, let text = String(validating: octets, as: UTF8.self) else {
            throw UserFileError("\(path) is too large, or not UTF-8")
        }
        do throws(UserFileError) {
            return try UserTable(text)
        } catch {
            throw UserFileError("\(path): \(error)")
        }
    }

    /// Changes the users, alone: who changes them at the same time waits. Comments of the file are lost.
    public func change(_ body: (inout UserTable) throws(UserFileError) -> Void) throws(UserFileError) {
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw failure("cannot be locked") }
        defer { close(lock) }
        if let owner { _ = fchown(lock, owner.user, owner.group) }
        var table = try read()
        try body(&table)
        try write(table.text)
    }

    /// Whose the file is to be: whose it was, or whose the folder is, so that root can write for a server.
    private var owner: (user: UInt32, group: UInt32)? {
        var status = stat()
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard stat(path, &status) == 0 || stat(folder, &status) == 0 else { return nil }
        return (status.st_uid, status.st_gid)
    }

    /// Writes a file beside it, and moves that to its place.
    private func write(_ text: String) throws(UserFileError) {
        let new = path + ".new"
        unlink(new)
        let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be written") }
        defer { close(descriptor) }
        if let owner { _ = fchown(descriptor, owner.user, owner.group) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("cannot be written") }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0, rename(new, path) == 0 else { throw failure("cannot be written") }
    }

    private func failure(_ what: String) -> UserFileError {
        UserFileError("\(path) \(what): \(String(cString: strerror(errno)))")
    }
}
