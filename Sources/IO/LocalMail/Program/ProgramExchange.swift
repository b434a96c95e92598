import Glibc
import MailCore

/// Gives a program its input and takes its output until it ends, or is made to.
struct ProgramExchange {
    /// How much of the output is kept: the last.
    private static let mostOutput = 1_024
    /// How long a look at the clock, and at who may have cancelled, can wait.
    private static let longestWait: Int32 = 50

    private let program: RunningProgram
    private var input: ProgramInput
    private let deadline: ContinuousClock.Instant
    private var hasMoreInput = true
    private var isOutputOpen = true
    private var tail: [UInt8] = []

    init(_ program: RunningProgram, input: ProgramInput, timeLimit: Duration) {
        self.program = program
        self.input = input
        deadline = .now + timeLimit
    }

    /// The last that the program said, in one line.
    var output: String {
        let text = tail.map { $0.isASCIIControl ? UInt8(ascii: " ") : $0 }
        return String(utf8: text).split(separator: " ").joined(separator: " ")
    }

    /// - Throws: where the message cannot be read or given.
    mutating func run(isCancelled: () -> Bool) throws(SystemError) -> ProgramEnd {
        let pipeSignal = BlockedPipeSignal()
        defer { pipeSignal.restore() }
        while true {
            if hasMoreInput, try !input.write(to: program.input) {
                hasMoreInput = false
                program.closeInput()
            }
            takeOutput()
            if let end = program.poll() {
                takeOutput()
                return end
            }
            if isCancelled() { return .cancelled }
            if ContinuousClock.now >= deadline { return .timeLimit }
            wait()
        }
    }

    /// Waits until a pipe is ready. A program that has closed its output is looked at again soon.
    private func wait() {
        var pipes: [pollfd] = []
        if hasMoreInput { pipes.append(pollfd(fd: program.input, events: Int16(POLLOUT), revents: 0)) }
        if isOutputOpen { pipes.append(pollfd(fd: program.output, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&pipes, nfds_t(pipes.count), isOutputOpen ? Self.longestWait : 2)
    }

    private mutating func takeOutput() {
        // What a program says without end must not keep it from being stopped.
        for _ in 0..<64 where isOutputOpen {
            let piece = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, filled in
                let count = read(program.output, buffer.baseAddress, buffer.count)
                if count == 0 { isOutputOpen = false }
                filled = max(0, count)
            }
            if piece.isEmpty { return }
            tail = Array((tail + piece).suffix(Self.mostOutput))
        }
    }
}

/// Keeps SIGPIPE from this thread while it writes to a program that may not read.
private struct BlockedPipeSignal {
    private var signals = sigset_t()
    private var before = sigset_t()

    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, &before)
    }

    func restore() {
        var (signals, before, none) = (signals, before, timespec())
        if sigismember(&before, SIGPIPE) == 0 { _ = sigtimedwait(&signals, nil, &none) }
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
