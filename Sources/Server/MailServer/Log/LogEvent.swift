package import MailCore

/// One thing that happened, as names and values: one line of the log.
package struct LogEvent: Sendable {
    package enum Level: Int, Comparable, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical

        package static func < (one: Level, other: Level) -> Bool { one.rawValue < other.rawValue }

        var name: String {
            switch self {
            case .trace: "trace"
            case .debug: "debug"
            case .info: "info"
            case .notice: "notice"
            case .warning: "warning"
            case .error: "error"
            case .critical: "critical"
            }
        }
    }

    package enum Value: Sendable {
        case text(String)
        case number(Int64)
    }

    package let time: Timestamp
    package let level: Level
    /// What happened, in one word that stays the same from version to version.
    package let name: String
    package let fields: [(name: String, value: Value)]

    package init(_ name: String, _ level: Level = .info, at time: Timestamp, _ fields: [(String, Value)] = []) {
        self.time = time
        self.level = level
        self.name = name
        self.fields = fields.map { (name: $0.0, value: $0.1) }
    }
}
