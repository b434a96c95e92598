import Logging
import MailCore

/// Brings what libraries log into the event log.
struct EventLogHandler: LogHandler {
    let log: EventLog
    let label: String
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    init(log: EventLog, label: String) {
        self.log = log
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: Logging.LogEvent) {
        guard log.writes(event.level) else { return }
        let own = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = own.sorted { $0.key < $1.key }.map { ($0.key, LogEvent.Value.text($0.value.description)) }
        let text: [(String, LogEvent.Value)] = [("from", .text(label)), ("text", .text(event.message.description))]
        log.write(LogEvent("note", event.level, at: SystemClock.now(), text + fields))
    }
}
