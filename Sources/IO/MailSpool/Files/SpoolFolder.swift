import Glibc
import MailCore

/// The files of a spool: what they are called, and how they come and go.
public struct SpoolFolder: Hashable, Sendable {
    public let path: String

    public init(_ path: String) {
        self.path = path
    }

    var lock: String { "\(path)/lock" }
    var log: String { "\(path)/log" }
    var bodies: String { "\(path)/bodies" }
    var damaged: String { "\(path)/damaged" }
    var index: String { "\(path)/index.sqlite" }

    /// Says that the index was found to be damaged, so that the next start rebuilds it.
    var indexIsDamaged: String { "\(path)/index.damaged" }

    /// Where a large body lies.
    func body(of id: QueueID) -> String { "\(bodies)/\(id)" }

    /// The user and the group that own the folder; nil if there is none.
    public static func owner(of path: String) throws(FileError) -> (userID: UInt32, groupID: UInt32)? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw .last("stat", path)
        }
        return (status.st_uid, status.st_gid)
    }

    /// Makes what is missing of the folder and its subfolders, readable to its owner only.
    func create() throws(FileError) {
        for folder in [path, log, bodies, damaged] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw FileError.last("mkdir", folder)
        }
        try synchronize(path)
        try synchronize("\(path)/..")
    }

    /// Makes the names in a folder durable.
    func synchronize(_ folder: String) throws(FileError) {
        let opened = try OpenFile(folder, flags: O_RDONLY | O_DIRECTORY)
        guard fsync(opened.descriptor) == 0 else { throw FileError.last("fsync", folder) }
    }

    /// The names in a folder, sorted.
    func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else { throw FileError.last("opendir", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file; one that is not there is no error.
    func remove(_ file: String) throws(FileError) {
        guard unlink(file) == 0 || errno == ENOENT else { throw FileError.last("unlink", file) }
    }

    /// Renames a file.
    func move(_ file: String, to other: String) throws(FileError) {
        guard rename(file, other) == 0 else { throw FileError.last("rename", file) }
    }
}
