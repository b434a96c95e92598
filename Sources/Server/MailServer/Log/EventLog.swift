import Glibc
package import Logging
import NIOPosix
import Synchronization

/// Writes events to a file descriptor on a thread of its own. Whoever has an event only puts it down; when more come than
/// can be written, some are left out, and how many is written too.
package final class EventLog: Sendable {
    private struct State {
        var waiting: [LogEvent] = []
        var dropped = 0
        var isWriting = false
    }

    private static let maximumWaiting = 20_000
    /// Microseconds between two writes.
    private static let pause: UInt32 = 10_000

    private let threshold: Logger.Level
    private let format: LogFormat
    private let descriptor: Int32
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())

    /// - Parameter threshold: the least important level that is written.
    package init(threshold: Logger.Level, format: LogFormat, descriptor: Int32 = STDERR_FILENO) {
        self.threshold = threshold
        self.format = format
        self.descriptor = descriptor
        thread.start()
    }

    /// Whether events of a level are written at all.
    package func writes(_ level: Logger.Level) -> Bool { level >= threshold }

    package func write(_ event: LogEvent) {
        guard writes(event.level) else { return }
        let isFirst = state.withLock { state in
            guard state.waiting.count < Self.maximumWaiting else {
                state.dropped += 1
                return false
            }
            state.waiting.append(event)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if isFirst { thread.submit { _ in self.writeWaiting() } }
    }

    /// Writes what is waiting, and ends.
    package func close() async {
        try? await thread.runIfActive { self.writeWaiting() }
        try? await thread.shutdownGracefully()
    }

    private func writeWaiting() {
        while true {
            let (events, dropped) = state.withLock { state -> ([LogEvent], Int) in
                defer {
                    state.isWriting = !state.waiting.isEmpty
                    state.waiting = []
                    state.dropped = 0
                }
                return (state.waiting, state.dropped)
            }
            guard let last = events.last else { return }
            let note = LogEvent("log-lines-dropped", .warning, at: last.time, [("count", .number(Int64(dropped)))])
            put(format.lines(dropped > 0 ? events + [note] : events))
            // What comes in the meantime goes out in one piece.
            usleep(Self.pause)
        }
    }

    private func put(_ text: [UInt8]) {
        text.withUnsafeBytes { bytes in
            var rest = bytes
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, base, rest.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
