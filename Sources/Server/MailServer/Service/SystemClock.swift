import FoundationEssentials
package import MailCore
import Synchronization

/// The wall clock, for stamps.
package enum SystemClock {
    package static func now() -> Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }
}

/// The date for Received fields, made once a second.
final class MailDate: Sendable {
    private let last = Mutex<(second: Int64, text: String)>((.min, ""))

    func now() -> String {
        let time = SystemClock.now()
        let second = time.microseconds / 1_000_000
        return last.withLock { last in
            if last.second != second { last = (second, time.mailDate) }
            return last.text
        }
    }
}
