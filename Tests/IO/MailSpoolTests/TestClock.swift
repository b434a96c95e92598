import MailCore
import Synchronization

/// A wall clock that a test sets.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(microseconds: 1_795_000_000_000_000))

    var now: Timestamp {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
