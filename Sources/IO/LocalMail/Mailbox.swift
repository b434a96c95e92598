import Glibc

/// The open folders of one mailbox.
struct Mailbox {
    let tmp: Int32
    let new: Int32
    let cur: Int32

    /// Opens the mailbox at `path` and makes what is missing of it.
    static func open(_ path: String, files: some MailboxFiles) throws(SystemError) -> Mailbox {
        do throws(SystemError) {
            return try openPresent(path, files: files)
        } catch  where error.code == ENOENT {
            try make(path, files: files)
            return try openPresent(path, files: files)
        }
    }

    func close(files: some MailboxFiles) {
        for folder in [tmp, new, cur] { files.close(folder) }
    }

    private static func openPresent(_ path: String, files: some MailboxFiles) throws(SystemError) -> Mailbox {
        let folder = try files.openFolder(path)
        defer { files.close(folder) }
        var opened: [Int32] = []
        do throws(SystemError) {
            for name in ["tmp", "new", "cur"] { opened.append(try files.openFolder(name, in: folder)) }
        } catch {
            for descriptor in opened { files.close(descriptor) }
            throw error
        }
        return Mailbox(tmp: opened[0], new: opened[1], cur: opened[2])
    }

    /// Makes the folder, those above it and those within it, and syncs the names of each that was made.
    private static func make(_ path: String, files: some MailboxFiles) throws(SystemError) {
        var missing: [String] = []
        var present = path
        while try !exists(present, files: files) {
            missing.append(present)
            present = parent(of: present)
        }
        for folder in missing.reversed() {
            try files.makeFolder(folder)
            try sync(parent(of: folder), files: files)
        }
        for name in ["tmp", "new", "cur"] { try files.makeFolder("\(path)/\(name)") }
        try sync(path, files: files)
    }

    private static func exists(_ path: String, files: some MailboxFiles) throws(SystemError) -> Bool {
        do throws(SystemError) {
            files.close(try files.openFolder(within(path)))
            return true
        } catch  where error.code == ENOENT {
            return false
        }
    }

    private static func sync(_ path: String, files: some MailboxFiles) throws(SystemError) {
        let folder = try files.openFolder(within(path))
        defer { files.close(folder) }
        try files.syncFolder(folder)
    }

    /// Names a folder so that it may be a symbolic link: above the mailbox that is the administrator's choice.
    private static func within(_ path: String) -> String { "\(path)/." }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
