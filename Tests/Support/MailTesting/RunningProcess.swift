import CLinuxFiles
import Foundation
import Synchronization

/// A program that runs beside the test. What it writes goes to files. It is killed when nobody holds it any more.
///
/// Foundation's `Process` would hand on the calling thread's signal mask, and threads that run Swift tasks block
/// signals: a server started so would never hear SIGTERM.
public final class RunningProcess: Sendable {
    public let identifier: Int32
    private let program: String
    private let ended = Mutex<Int32?>(nil)

    /// Starts the program. `output` and `errors` are paths of files, appended to, and may be the same one.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        input: String = "/dev/null", output: String, errors: String
    ) throws {
        self.program = program
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let change = directory.map { ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, $0] } ?? []
        identifier = try SpawnPlan(input: input, output: output, errors: errors)
            .spawn(change + [program] + arguments, environment: all.map { "\($0)=\($1)" })
    }

    deinit {
        guard status == nil else { return }
        kill(identifier, SIGKILL)
        waitpid(identifier, nil, 0)
    }

    /// How it ended: its exit status, or 128 and the signal that ended it, as in a shell. nil while it runs.
    public var status: Int32? {
        ended.withLock { ended in
            var word: Int32 = 0
            guard ended == nil, waitpid(identifier, &word, WNOHANG) == identifier else { return ended }
            let signal = word & 0x7f
            ended = signal == 0 ? (word >> 8) & 0xff : 128 + signal
            return ended
        }
    }

    /// Waits for its end and returns its status.
    public func end(within timeout: Duration = patience) async throws -> Int32 {
        try await eventually("the end of \(program)", timeout: timeout) { status }
    }

    /// Sends it a signal, if it still runs.
    public func signal(_ signal: Int32) {
        if status == nil { kill(identifier, signal) }
    }
}

/// How a program is to be started: its files, and all signals as a shell would have them.
private struct SpawnPlan: ~Copyable {
    private var actions = posix_spawn_file_actions_t()
    private var attributes = posix_spawnattr_t()

    init(input: String, output: String, errors: String) {
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        for (descriptor, path) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
            posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        // Else the program would hold pipes and sockets of other tests open.
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    deinit {
        var (actions, attributes) = (actions, attributes)
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
    }

    func spawn(_ arguments: [String], environment: [String]) throws -> Int32 {
        var (actions, attributes) = (actions, attributes)
        let argumentPointers = arguments.map { strdup($0) } + [nil]
        let environmentPointers = environment.map { strdup($0) } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
        var identifier: Int32 = 0
        let error = posix_spawn(
            &identifier, arguments[0], &actions, &attributes, argumentPointers, environmentPointers)
        guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO) }
        return identifier
    }
}
