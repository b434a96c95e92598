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
        let level = LogEvent.Level(event.level)
        guard log.writes(level) else { return }
        let own = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = own.sorted { $0.key < $1.key }.map { ($0.key, LogEvent.Value.text($0.value.description)) }
        let text: [(String, LogEvent.Value)] = [("from", .text(label)), ("text", .text(event.message.description))]
        log.write(LogEvent("note", level, at: SystemClock.now(), text + fields))
    }
}

extension LogEvent.Level {
    init(_ level: Logger.Level) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        }
    }
}
