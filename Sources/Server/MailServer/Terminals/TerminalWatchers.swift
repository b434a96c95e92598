import MailCore
import Synchronization

/// Those who run `martlet watch`: they see what would be shown at a user's terminals.
final class TerminalWatchers: Sendable {
    /// Watchers of all users together.
    static let most = 100
    /// Messages that wait for a watcher who does not read; more are not taken.
    private static let mostWaiting = 16

    private struct State {
        var next = 0
        var watchers: [String: [Int: AsyncStream<TerminalMessage>.Continuation]] = [:]
        var count: Int { watchers.values.reduce(0) { $0 + $1.count } }
    }

    private let state = Mutex(State())

    /// What is shown to `user` from now on, until the stream is dropped; nil if there are too many watchers.
    func watch(_ user: String) -> AsyncStream<TerminalMessage>? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: TerminalMessage.self, bufferingPolicy: .bufferingOldest(Self.mostWaiting))
        let number = state.withLock { state -> Int? in
            guard state.count < Self.most else { return nil }
            state.next += 1
            state.watchers[user, default: [:]][state.next] = continuation
            return state.next
        }
        guard let number else { return nil }
        continuation.onTermination = { [weak self] _ in self?.remove(number, of: user) }
        return stream
    }

    func isThere(_ user: String) -> Bool { state.withLock { $0.watchers[user] != nil } }

    /// - Returns: whether somebody watches who has room for it.
    func show(_ message: TerminalMessage, to user: String) -> Bool {
        let watchers = state.withLock { $0.watchers[user].map { Array($0.values) } ?? [] }
        return watchers.count { watcher in
            if case .enqueued = watcher.yield(message) { true } else { false }
        } > 0
    }

    private func remove(_ number: Int, of user: String) {
        state.withLock { state in
            state.watchers[user]?[number] = nil
            if state.watchers[user]?.isEmpty == true { state.watchers[user] = nil }
        }
    }
}
