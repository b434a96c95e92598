import Glibc
import MailUsers

/// Reads a password from the terminal without showing it, or the first line of standard input.
enum Password {
    private static let longest = 1_024

    static func read(prompt: String = "Password: ") throws(UserFileError) -> String {
        var old = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &old) == 0 else { return try line() }
        StandardError.write(prompt)
        var silent = old
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &old)
            StandardError.write("\n")
        }
        return try line()
    }

    /// A new password; on a terminal it is asked for twice.
    static func readTwice() throws(UserFileError) -> String {
        let password = try read(prompt: "New password: ")
        guard isatty(STDIN_FILENO) == 1 else { return password }
        guard try read(prompt: "Again: ") == password else { throw UserFileError("the two are not the same") }
        return password
    }

    /// Where standard input is for something else.
    ///
    /// - Throws: `InputError` where there is no terminal, or nothing is typed.
    static func readFromTerminal() throws(InputError) -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            throw InputError(
                .usage, "there is no password: name a file with --password-file, or set SMTP_PASSWORD")
        }
        do throws(UserFileError) {
            return try read()
        } catch {
            throw InputError(.data, "\(error)")
        }
    }

    /// The first line of a file.
    ///
    /// - Throws: `InputError` if it cannot be read, or there is no password in it.
    static func read(file: String) throws(InputError) -> String {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw InputError(.noInput, "--password-file: \(file): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        do throws(UserFileError) {
            return try line(of: descriptor)
        } catch {
            throw InputError(.data, "--password-file: \(file): \(error)")
        }
    }

    private static func line(of descriptor: Int32 = STDIN_FILENO) throws(UserFileError) -> String {
        var octets: [UInt8] = []
        var octet: UInt8 = 0
        while octets.count <= longest, Glibc.read(descriptor, &octet, 1) == 1, octet != 0x0A { octets.append(octet) }
        if octets.last == 0x0D { octets.removeLast() }
        guard !octets.isEmpty, octets.count <= longest, let text = String(validating: octets, as: UTF8.self) else {
            throw UserFileError("there is no password of at most \(longest) octets in UTF-8")
        }
        return text
    }
}
