import Logging
import MailCore
import Reception

extension EventLog {
    /// One line for each message that was handed in on this machine.
    func write(_ event: MaildropEvent) {
        let now = SystemClock.now()
        switch event {
        case .accepted(let id, let reversePath, let recipients, let octets, let userID):
            write(
                LogEvent(
                    "accepted", .info, at: now,
                    [
                        ("listener", .text("maildrop")), ("uid", .number(Int64(userID))),
                        ("qid", .text(id.description)), ("from", .text(reversePath.description)),
                        ("recipients", .number(Int64(recipients))), ("size", .number(Int64(octets))),
                    ]))
        case .setAside(let path, let reason):
            write(LogEvent("maildrop-damaged", .error, at: now, [("file", .text(path)), ("text", .text(reason))]))
        }
    }
}
