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
        let fields = own.sorted { $0.key < $1.key }.map {
            LogEvent.Field($0.key, .text($0.value.description))
        }
        let text: [LogEvent.Field] = [("from", .text(label)), ("text", .text(event.message.description))]
        log.write(LogEvent("note", event.level, at: SystemClock.now(), text + fields))
    }
}
