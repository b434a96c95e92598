import MailCore
import NIOCore
import Reception
import SMTPCore
import Synchronization

/// Terminals at which sit those whom a test names.
final class ScriptedTerminals: TerminalMessenger {
    private struct State {
        var present: Set<String>
        var shown: [(user: String, message: TerminalMessage)] = []
    }

    private let state: Mutex<State>
    /// Those whose terminals take nothing when it comes to it.
    private let stopped: Set<String>

    init(present: Set<String> = [], stopped: Set<String> = []) {
        state = Mutex(State(present: present))
        self.stopped = stopped
    }

    /// Who was shown what, in order.
    var shown: [(user: String, message: TerminalMessage)] { state.withLock(\.shown) }

    func isThere(_ user: String) async -> Bool { state.withLock { $0.present.contains(user) } }

    func show(_ message: TerminalMessage, to user: String) async -> Bool {
        state.withLock { state in
            guard state.present.contains(user), !stopped.contains(user) else { return false }
            state.shown.append((user, message))
            return true
        }
    }
}

/// A queue that answers ETRN as a test says.
struct ScriptedQueue: QueueStarter {
    var answer = QueueStart.nothingWaits

    func start(_ request: QueueRequest) async -> QueueStart { answer }
}

/// Nobody may turn.
struct NoTurns: TurnDesk {
    func offersTurn(to identity: String) -> Bool { false }
    func mayTurn(_ request: TurnRequest, _ identity: String) async -> SMTPReply? { SMTPReply(450, "No") }
    func take(_ channel: any Channel, _ peer: TurnedPeer) { channel.close(promise: nil) }
}
