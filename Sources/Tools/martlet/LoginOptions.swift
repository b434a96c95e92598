import ArgumentParser
import Glibc
import SMTPClient

/// Who logs in to a server. A password is never an argument, which everybody on the machine could read.
struct LoginOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Log in as this user, by the strongest mechanism that the server offers. The password is in $SMTP_PASSWORD or in \
            --password-file, or is asked for on the terminal. Exit codes: 64 without a password, 66 if the file cannot be read.
            """, valueName: "name"))
    var user: String?
    @Option(help: ArgumentHelp("The file whose first line is the password.", valueName: "file"))
    var passwordFile: String?

    /// Who logs in, by `--user` or by the URL; nil where nobody does.
    func credentials(at server: SMTPURL) throws -> SMTPCredentials? {
        try login(otherwise: server.user).map { .password(user: $0.user, password: $0.password) }
    }

    /// Who logs in, and the password.
    ///
    /// - Parameter name: who does where `--user` names nobody.
    func login(otherwise name: String? = nil) throws -> (user: String, password: String)? {
        guard let user = user ?? name else {
            guard passwordFile == nil else { throw ExitStatus.usage.failing("--password-file goes with --user") }
            return nil
        }
        do throws(InputError) {
            return (user, try readPassword())
        } catch {
            throw error.status.failing(error.description.escapingControls)
        }
    }

    private func readPassword() throws(InputError) -> String {
        if let passwordFile { return try Password.read(file: passwordFile) }
        if let variable = getenv("SMTP_PASSWORD"), variable.pointee != 0 { return String(cString: variable) }
        return try Password.readFromTerminal()
    }
}
