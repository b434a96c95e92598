import Glibc
import MailCore

extension ServerConfiguration {
    /// Secrets that lie in files which everybody on this machine can read, one line each.
    package var openSecrets: [ConfigurationError] {
        var secrets: [(file: FilePath?, path: [String])] = [
            (auth.usersFile, ["auth", "users_file"]), (tls.key, ["tls", "key"]),
            (oauth.clientSecretFile, ["oauth", "client_secret_file"]),
        ]
        secrets += certificates.map { ($0.key, ["certificate", $0.name.description, "key"]) }
        secrets += routes.map { ($0.passwordFile, ["route", $0.name.description, "password_file"]) }
        return secrets.compactMap { secret in
            guard let file = secret.file?.description, let source = origins.file, Self.isOpen(file) else { return nil }
            return ConfigurationError(
                file: source, line: origins.line(of: secret.path),
                message: "\(TOMLText.string(file)): everybody on this machine can read it; see chmod o-r")
        }
    }

    private static func isOpen(_ file: String) -> Bool {
        var status = stat()
        return stat(file, &status) == 0 && status.st_mode & S_IROTH != 0
    }
}
