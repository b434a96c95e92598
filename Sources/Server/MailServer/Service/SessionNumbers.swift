import MailCore
import Synchronization

/// Names sessions: by the time of the start and a running number, so that no two in one log are the same.
final class SessionNumbers: Sendable {
    private let last: Atomic<UInt64>

    init() {
        last = Atomic(UInt64(max(0, SystemClock.now().microseconds)))
    }

    func next() -> SessionID {
        SessionID(rawValue: last.add(1, ordering: .relaxed).newValue)
    }
}
