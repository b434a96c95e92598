import Glibc
import Maildrop
import SendmailCore

/// Finds the maildrop of this machine's server: `MARTLET_MAILDROP` names it, or it lies in the `data` folder of the
/// configuration, or in this user's state folder, where a server without a configuration keeps its data.
enum MaildropPlace {
    private static let usualConfiguration = "/etc/martlet/martlet.toml"
    private static let configurationLimit = 16 << 20

    /// - Parameter file: the configuration file that was named.
    static func find(configuration file: String?) throws(SendmailFailure) -> MaildropFolder {
        if let path = variable("MARTLET_MAILDROP") { return MaildropFolder(path) }
        let path = file ?? (access(usualConfiguration, F_OK) == 0 ? usualConfiguration : nil)
        guard let path else { return MaildropFolder("\(stateFolder)/maildrop") }
        return MaildropFolder("\(try data(of: path))/maildrop")
    }

    /// What the server says of itself.
    static func settings(of folder: MaildropFolder) throws(SendmailFailure) -> MaildropSettings {
        do throws(MaildropError) {
            if let settings = try folder.readSettings() { return settings }
        } catch {
            throw SendmailFailure(
                error.code == EACCES ? .noPermission : .configuration,
                "the maildrop cannot be used: \(error); others than the server's user reach it where all folders above "
                    + "it have the right to pass (chmod o+x)")
        }
        throw SendmailFailure(
            .tryAgain,
            "there is no maildrop at \(folder.path): start the server once (martlet serve), or name another "
                + "place with -C FILE or MARTLET_MAILDROP")
    }

    private static func data(of path: String) throws(SendmailFailure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SendmailFailure(.configuration, "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let octets = [UInt8](unsafeUninitializedCapacity: min(length(of: descriptor), configurationLimit)) {
            space, count in
            count = max(0, read(descriptor, space.baseAddress, space.count))
        }
        switch ConfigurationHead.data(in: String(decoding: octets, as: UTF8.self)) {
        case .missing: return stateFolder
        case .unclear:
            throw SendmailFailure(
                .configuration, "\(path): the key data is to be a text on a line of its own, before the first table")
        case .folder(let folder) where folder.hasPrefix("/"): return folder
        case .folder(let folder):
            return path.lastIndex(of: "/").map { path[...$0] + folder } ?? folder
        }
    }

    private static func length(of descriptor: Int32) -> Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private static var stateFolder: String {
        if let state = variable("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/martlet" }
        let home = variable("HOME") ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) } ?? ""
        return home + "/.local/state/martlet"
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
