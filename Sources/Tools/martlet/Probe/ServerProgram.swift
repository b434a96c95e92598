import Glibc

/// A program that speaks as a server on its standard input and output. It hears an end of file when it is left.
enum ServerProgram {
    /// Starts a command for the shell.
    ///
    /// - Returns: our end of its connection.
    /// - Throws: `InputError` where it cannot be started.
    static func start(_ command: String) throws -> CInt {
        var ends: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw failure(command, errno)
        }
        defer { close(ends[1]) }
        let code = spawn(command, end: ends[1])
        guard code == 0 else {
            close(ends[0])
            throw failure(command, code)
        }
        return ends[0]
    }

    /// - Returns: 0, or why it failed.
    private static func spawn(_ command: String, end: CInt) -> CInt {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_adddup2(&files, end, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&files, end, STDOUT_FILENO)
        var arguments: [UnsafeMutablePointer<CChar>?] = ["sh", "-c", command].map { (word: String) in strdup(word) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        return posix_spawn(&process, "/bin/sh", &files, nil, &arguments, environ)
    }

    private static func failure(_ command: String, _ code: CInt) -> InputError {
        InputError(.system, "'\(command)' cannot be started: \(String(cString: strerror(code)))")
    }
}
