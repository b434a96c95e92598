import Glibc
import MailCore
import QueueCore

extension ServerConfiguration {
    /// The programs that mail would be given to and that cannot be run, and a named file of users that is not there, one
    /// line each. The server starts without them: mail for a program waits, and `martlet user` makes the file.
    package var missingFiles: [ConfigurationError] {
        var problems: [ConfigurationError] = []
        checkUsersFile(&problems)
        for route in routes { check(route.action, at: ["route", route.name.description, "to"], &problems) }
        for domain in domains {
            guard case .route(let action) = domain.delivery else { continue }
            check(action, at: ["domain", domain.name.description, "deliver"], &problems)
        }
        return problems
    }

    private func checkUsersFile(_ problems: inout [ConfigurationError]) {
        guard let file = auth.usersFile?.description, let source = origins.file, access(file, F_OK) != 0,
            errno == ENOENT
        else { return }
        problems.append(
            ConfigurationError(
                file: source, line: origins.line(of: ["auth", "users_file"]),
                message: "\(TOMLText.string(file)): there is no such file; `martlet user add` makes it"))
    }

    private func check(_ action: RouteAction, at path: [String], _ problems: inout [ConfigurationError]) {
        guard case .next(.program(let program, _)) = action, let file = origins.file,
            let problem = Self.problem(with: program)
        else { return }
        problems.append(
            ConfigurationError(
                file: file, line: origins.line(of: path),
                message: "\(TOMLText.string("pipe:\(program)")): \(problem)"))
    }

    private static func problem(with program: String) -> String? {
        var status = stat()
        guard stat(program, &status) == 0 else {
            return errno == ENOENT || errno == ENOTDIR
                ? "there is no such program; install it, or name another"
                : "it cannot be looked at (\(String(cString: strerror(errno)))); let the server's user pass its folders"
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return "it is no program, but a folder or a device; name another"
        }
        return access(program, X_OK) == 0 ? nil : "it may not be run by this user; see chmod +x"
    }
}
