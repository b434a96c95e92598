import Logging
import MailCore
import MailSpool
import QueueCore

extension EventLog {
    /// What a person did to the queue, a line for each recipient.
    func write(_ change: QueueChange, _ hits: [QueueHit]) {
        let (name, level) = change.logName
        guard writes(level) else { return }
        let now = SystemClock.now()
        for hit in hits {
            for recipient in hit.recipients where !recipient.isInFlight {
                write(
                    LogEvent(
                        name, level, at: now,
                        [
                            ("qid", .text(hit.id.description)), ("to", .text("<\(recipient.address)>")),
                            ("by", .text("administrator")),
                        ] + change.logReason))
            }
        }
    }
}

extension QueueChange {
    fileprivate var logName: (String, Logger.Level) {
        switch self {
        case .retry: ("retried", .info)
        case .hold: ("held", .notice)
        case .release: ("released", .notice)
        case .bounce: ("failed", .warning)
        case .reroute: ("rerouted", .notice)
        case .delete: ("deleted", .warning)
        }
    }

    fileprivate var logReason: [LogEvent.Field] {
        switch self {
        case .hold(let reason), .bounce(let reason): [("text", .text(reason))]
        case .reroute(let route): [("route", .text(route?.description ?? "default"))]
        case .retry, .release, .delete: []
        }
    }
}
