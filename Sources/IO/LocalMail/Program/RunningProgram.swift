import CLinuxFiles
import Glibc

/// A program that was started in a process group of its own, and the pipes to it.
final class RunningProgram {
    let process: pid_t
    /// Its standard input; closed when the message is complete.
    private(set) var input: Int32
    /// Its standard output and standard error together.
    let output: Int32
    private var hasEnded = false

    init(_ delivery: ProgramDelivery) throws(SystemError) {
        let input = try Self.pipe()
        let output: (read: Int32, write: Int32)
        do throws(SystemError) {
            output = try Self.pipe()
        } catch {
            close(input.read)
            close(input.write)
            throw error
        }
        (self.input, self.output) = (input.write, output.read)
        var child: pid_t = 0
        let code = Self.spawn(delivery, input: input.read, output: output.write, process: &child)
        process = child
        close(input.read)
        close(output.write)
        guard code == 0 else {
            hasEnded = true
            closePipes()
            throw SystemError("posix_spawn", code: code)
        }
        _ = fcntl(self.input, F_SETFL, O_NONBLOCK)
        _ = fcntl(self.output, F_SETFL, O_NONBLOCK)
    }

    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// How the program ended; nil while it runs.
    func poll() -> ProgramEnd? {
        var status: Int32 = 0
        guard waitpid(process, &status, WNOHANG) == process else { return nil }
        hasEnded = true
        return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
    }

    /// Kills the program with its children where it still runs, and forgets it.
    func end() {
        if !hasEnded {
            kill(-process, SIGKILL)
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            hasEnded = true
        }
        closePipes()
    }

    private func closePipes() {
        closeInput()
        close(output)
    }

    private static func pipe() throws(SystemError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("pipe2", code: errno) }
        return (ends[0], ends[1])
    }

    /// - Returns: 0, or what went wrong.
    private static func spawn(
        _ delivery: ProgramDelivery, input: Int32, output: Int32, process: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, "/")
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return withStrings([delivery.path] + delivery.arguments) { arguments in
            withStrings(delivery.environment) { environment in
                posix_spawn(&process, delivery.path, &actions, &attributes, arguments, environment)
            }
        }
    }

    private static func withStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("there is a terminator at least") }
            return body(base)
        }
    }
}
