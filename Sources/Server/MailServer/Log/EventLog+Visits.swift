import Logging

extension EventLog {
    /// The end of a connection whose roles had changed.
    func write(visitOf peer: String, delivered: Int, failure: String?) {
        let level: Logger.Level = failure == nil ? .notice : .warning
        var fields: [LogEvent.Field] = [("user", .text(peer)), ("delivered", .number(Int64(delivered)))]
        if let failure { fields.append(("text", .text(failure))) }
        write(LogEvent("visit-ended", level, at: SystemClock.now(), fields))
    }
}
