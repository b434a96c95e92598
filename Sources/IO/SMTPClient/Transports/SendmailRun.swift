import CLinuxFiles
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A program that was started in a process group of its own, and takes a message on its standard input.
final class SendmailRun: Sendable {
    /// How the program ended.
    enum End {
        /// By itself, and the last that it said in one line.
        case exit(Int32, said: String)
        /// By a signal from elsewhere.
        case killed(hadWholeMessage: Bool)
        /// By ours, for its time was over.
        case deadline(hadWholeMessage: Bool)

        /// Whether it had all of the message, so that it may have queued it.
        var hadWholeMessage: Bool {
            switch self {
            case .exit: true
            case .killed(let hadAll), .deadline(let hadAll): hadAll
            }
        }
    }

    private enum State {
        case runs, isKilled
        case ended(status: Int32)
    }

    private static let mostOutput = 1_024
    /// After its output has ended a program is looked at again so soon, at first.
    private static let shortestPause = Duration.milliseconds(1)
    private static let longestPause = Duration.milliseconds(50)

    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private let state = Mutex(State.runs)

    /// - Parameter words: the program's path and its arguments.
    /// - Throws: `SMTPError` if it cannot be started.
    init(_ words: [String]) throws(SMTPError) {
        let (input, output) = (try Self.pipe(), try Self.pipe())
        defer {
            close(input.read)
            close(output.write)
        }
        var child: pid_t = 0
        let code = Self.spawn(words, input: input.read, output: output.write, process: &child)
        (process, self.input, self.output) = (child, input.write, output.read)
        guard code == 0 else {
            close(input.write)
            close(output.read)
            throw SMTPError(
                unsent: "\(words[0]) cannot be run: \(String(cString: strerror(code)))", isTransient: code == EAGAIN,
                hint: "Is a mail server or msmtp installed? Its sendmail program may be named by its path.")
        }
    }

    /// Gives the program its message and waits for its end. It is killed, with its children, at the deadline and when the
    /// task is cancelled: before its input ends, so that no part of a message is taken for the whole.
    func finish(_ content: LineFeedContent, deadline: ContinuousClock.Instant) async throws -> End {
        let exchange = Task { try await self.exchange(content) }
        let alarm = Task {
            try await Task.sleep(until: deadline)
            self.kill()
        }
        defer { alarm.cancel() }
        let result = await withTaskCancellationHandler {
            await exchange.result
        } onCancel: {
            kill()
        }
        if case .failure = result { kill() }
        let status = await reap(deadline: deadline)
        let (hadAll, said) = try result.get()
        if status & 0x7F == 0 { return .exit(status >> 8 & 0xFF, said: said) }
        return ContinuousClock.now < deadline
            ? .killed(hadWholeMessage: hadAll) : .deadline(hadWholeMessage: hadAll)
    }

    /// - Returns: whether the program took all of the message, and the last that it said.
    private func exchange(_ content: LineFeedContent) async throws -> (hadAll: Bool, said: String) {
        let group = MultiThreadedEventLoopGroup.singleton
        let writing = try await NIOPipeBootstrap(group: group).takingOwnershipOfDescriptor(output: input).get()
        let reading = try await NIOPipeBootstrap(group: group).takingOwnershipOfDescriptor(input: output) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel)
            }
        }
        return try await reading.executeThenClose { inbound in
            async let said = Self.tail(of: inbound)
            let hadAll = await Self.write(content, to: writing)
            return (hadAll, await said)
        }
    }

    /// A program that does not read to the end has its reasons; its exit status tells them.
    private static func write(_ content: LineFeedContent, to input: any Channel) async -> Bool {
        var hadAll = true
        do {
            for piece in content { try await input.writeAndFlush(piece) }
        } catch {
            hadAll = false
        }
        try? await input.close()
        return hadAll
    }

    private static func tail(of inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async -> String {
        var tail: [UInt8] = []
        do {
            for try await piece in inbound { tail = (tail + Array(piece.readableBytesView)).suffix(mostOutput) }
        } catch {
            // What came before it broke off is what there is.
        }
        let text = tail.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: " ") : $0 }
        return String(decoding: text, as: UTF8.self).split(separator: " ").joined(separator: " ")
    }

    /// Waits for a program that has closed its output.
    private func reap(deadline: ContinuousClock.Instant) async -> Int32 {
        var pause = Self.shortestPause
        while true {
            if let status = poll() { return status }
            if ContinuousClock.now >= deadline { kill() }
            // Also in a cancelled task, for what was started has to be waited for.
            await Task { [pause] in _ = try? await Task.sleep(for: pause) }.value
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private func poll() -> Int32? {
        state.withLock { state in
            if case .ended(let status) = state { return status }
            var status: Int32 = 0
            guard waitpid(process, &status, WNOHANG) == process else { return nil }
            state = .ended(status: status)
            return status
        }
    }

    private func kill() {
        state.withLock { state in
            guard case .runs = state else { return }
            _ = Glibc.kill(-process, SIGKILL)
            state = .isKilled
        }
    }

    private static func pipe() throws(SMTPError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else {
            throw SMTPError(unsent: "no pipe can be made: \(String(cString: strerror(errno)))", isTransient: true)
        }
        return (ends[0], ends[1])
    }

    /// - Returns: 0, or what went wrong.
    private static func spawn(_ words: [String], input: Int32, output: Int32, process: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, number) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (output, STDERR_FILENO)] {
            posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)))
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return posix_spawn(&process, words[0], &actions, &attributes, &pointers, martlet_environment())
    }
}
