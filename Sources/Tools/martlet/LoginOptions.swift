import ArgumentParser
import Glibc
import MailUsers
import SMTPClient

/// Who logs in to a server. A password is never an argument, which everybody on the machine could read.
struct LoginOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Log in as this user, by the strongest mechanism that the server offers. The password is in $SMTP_PASSWORD or in \
            --password-file, or is asked for on the terminal.
            """, valueName: "name"))
    var user: String?
    @Option(help: ArgumentHelp("The file whose first line is the password.", valueName: "file"))
    var passwordFile: String?

    /// nil where nobody logs in.
    func credentials() throws -> SMTPCredentials? {
        guard let user else {
            guard passwordFile == nil else { throw ExitStatus.usage.failing("--password-file goes with --user") }
            return nil
        }
        let password = try UserOptions.failing { () throws(UserFileError) in try readPassword() }
        return .password(user: user, password: password)
    }

    private func readPassword() throws(UserFileError) -> String {
        if let passwordFile { return try Password.read(file: passwordFile) }
        if let variable = getenv("SMTP_PASSWORD"), variable.pointee != 0 { return String(cString: variable) }
        return try Password.readFromTerminal()
    }
}
