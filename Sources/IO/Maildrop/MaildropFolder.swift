import CLinuxFiles
import Glibc
package import SendmailCore

/// The folder in which programs leave mail for the server, whether it runs or not.
///
///     settings   what the server says of itself, for all to read
///     tmp/       messages that are being written
///     new/       messages that are complete
///     damaged/   what the server could not understand
///
/// In `tmp` and `new` everybody may make files, nobody but the server sees their names, and the sticky bit lets only
/// the server and a file's owner take one away. Their set-group-ID bit gives each file the server's group, which may
/// read it. So no program needs a privilege, and the owner of a file is who handed it in.
package struct MaildropFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    var settings: String { "\(path)/settings" }
    var tmp: String { "\(path)/tmp" }
    package var new: String { "\(path)/new" }
    var damaged: String { "\(path)/damaged" }

    /// Makes what is missing, and writes the settings. For the server.
    package func prepare(_ settings: MaildropSettings) throws(MaildropError) {
        for (folder, mode) in [(path, 0o711), (tmp, 0o3733), (new, 0o3733), (damaged, 0o700)] as [(String, mode_t)] {
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .last("mkdir", folder) }
            // What mkdir makes is less the umask, and has no special bits.
            guard chmod(folder, mode) == 0 else { throw .last("chmod", folder) }
        }
        try write(settings.text)
    }

    private func write(_ text: String) throws(MaildropError) {
        let draft = "\(path)/settings.tmp"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .last("open", draft) }
        defer { close(descriptor) }
        try FileOctets.write(Array(text.utf8), to: descriptor, draft)
        guard fchmod(descriptor, 0o644) == 0, rename(draft, settings) == 0 else { throw .last("rename", draft) }
    }

    /// What the server says of itself; nil if it has never run here.
    ///
    /// - Throws: the error of reading; `EINVAL` if the file cannot be understood.
    package func readSettings() throws(MaildropError) -> MaildropSettings? {
        let descriptor = open(settings, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .last("open", settings)
        }
        defer { close(descriptor) }
        let octets = try FileOctets.read(4_096, from: descriptor, settings)
        guard let read = MaildropSettings(String(decoding: octets, as: UTF8.self)) else {
            throw MaildropError(operation: "read", path: settings, code: EINVAL)
        }
        return read
    }

    /// Makes the names in a folder durable. Who may not read it has the whole file system of `file` written.
    func synchronize(_ folder: String, file: Int32) throws(MaildropError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == EACCES else { throw .last("open", folder) }
            guard syncfs(file) == 0 else { throw .last("syncfs", folder) }
            return
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last("fsync", folder) }
    }
}
