import Glibc

/// The server's side of a maildrop: which messages lie there, and taking them away.
package struct MaildropInbox: Sendable {
    /// Seconds after which a file that nobody completed is removed.
    private static let patience = 36 * 3_600

    package let folder: MaildropFolder

    package init(_ folder: MaildropFolder) {
        self.folder = folder
    }

    /// The names of up to `limit` messages, those that came first in front.
    package func names(limit: Int) throws(MaildropError) -> [String] {
        guard let stream = opendir(folder.new) else { throw .last("opendir", folder.new) }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < limit, let entry = readdir(stream) {
            // What is no file, such as a folder, cannot be taken away; it is passed over.
            guard [UInt8(DT_REG), UInt8(DT_UNKNOWN)].contains(entry.pointee.d_type) else { continue }
            let name = Self.name(of: entry)
            if DropName.isSound(name) { names.append(name) }
        }
        return names.sorted()
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { field in
            field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
    }

    package func open(_ name: String) throws(DropFileError) -> DropFile {
        try DropFile("\(folder.new)/\(name)")
    }

    /// Takes messages away for good.
    package func remove(_ names: some Sequence<String>) throws(MaildropError) {
        for name in names {
            let path = "\(folder.new)/\(name)"
            guard unlink(path) == 0 || errno == ENOENT else { throw .last("unlink", path) }
        }
        let descriptor = Glibc.open(folder.new, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", folder.new) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last("fsync", folder.new) }
    }

    /// Puts a file out of the way that is no message.
    ///
    /// - Returns: where it lies now.
    package func setAside(_ name: String) throws(MaildropError) -> String {
        let path = "\(folder.damaged)/\(name)"
        guard rename("\(folder.new)/\(name)", path) == 0 else { throw .last("rename", "\(folder.new)/\(name)") }
        return path
    }

    /// Removes what was begun long ago and never completed.
    package func removeAbandoned() throws(MaildropError) {
        guard let stream = opendir(folder.tmp) else { throw .last("opendir", folder.tmp) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let path = "\(folder.tmp)/\(Self.name(of: entry))"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            if time(nil) - status.st_mtim.tv_sec > Self.patience { unlink(path) }
        }
    }
}
