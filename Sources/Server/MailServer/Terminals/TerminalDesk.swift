import LocalMail
import MailCore
import NIOPosix
import Reception
import Synchronization

/// Shows messages to users of this machine: at their terminals, and to whoever watches for them.
final class TerminalDesk: TerminalMessenger {
    /// Messages that one user is shown in a minute.
    static let mostInAMinute = 10
    /// Messages that are being written at once; terminals that do not take theirs hold up a thread for a moment.
    private static let mostAtOnce = 8

    private struct State {
        /// When each user was shown messages in the last minute; only those who were there are in it.
        var shown: [String: [ContinuousClock.Instant]] = [:]
        var running = 0
    }

    private let agent: TerminalAgent
    private let watchers: TerminalWatchers
    private let threads: NIOThreadPool
    private let state = Mutex(State())

    /// - Parameter threads: where terminals are written to; not those of mailboxes, which may not have to wait for them.
    init(agent: TerminalAgent, watchers: TerminalWatchers, threads: NIOThreadPool = .singleton) {
        self.agent = agent
        self.watchers = watchers
        self.threads = threads
    }

    func isThere(_ user: String) async -> Bool {
        guard state.withLock({ Self.mayBeShown(user, &$0, at: .now) }) else { return false }
        if watchers.isThere(user) { return true }
        return await onThread { [agent] in agent.isThere(user) }
    }

    func show(_ message: TerminalMessage, to user: String) async -> Bool {
        let mayShow = state.withLock { state in
            let now = ContinuousClock.now
            guard Self.mayBeShown(user, &state, at: now) else { return false }
            state.shown[user, default: []].append(now)
            return true
        }
        guard mayShow else { return false }
        let isWatched = watchers.show(message, to: user)
        let isOnTerminal = await onThread { [agent] in agent.show(message, to: user) }
        return isWatched || isOnTerminal
    }

    private static func mayBeShown(_ user: String, _ state: inout State, at now: ContinuousClock.Instant) -> Bool {
        state.shown = state.shown.compactMapValues { times in
            let recent = times.filter { $0 > now - .seconds(60) }
            return recent.isEmpty ? nil : recent
        }
        return state.shown[user, default: []].count < mostInAMinute
    }

    private func onThread(_ work: @escaping @Sendable () -> Bool) async -> Bool {
        let mayRun = state.withLock { state in
            guard state.running < Self.mostAtOnce else { return false }
            state.running += 1
            return true
        }
        guard mayRun else { return false }
        defer { state.withLock { $0.running -= 1 } }
        return (try? await threads.runIfActive { work() }) ?? false
    }
}
