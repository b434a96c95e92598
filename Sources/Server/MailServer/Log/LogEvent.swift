package import Logging
package import MailCore

/// One thing that happened, as names and values: one line of the log.
package struct LogEvent: Sendable {
    package enum Value: Sendable {
        case text(String)
        case number(Int64)
    }

    package typealias Field = (name: String, value: Value)

    package let time: Timestamp
    package let level: Logger.Level
    /// What happened, in one word that stays the same from version to version.
    package let name: String
    package let fields: [Field]

    package init(_ name: String, _ level: Logger.Level = .info, at time: Timestamp, _ fields: [Field] = []) {
        self.time = time
        self.level = level
        self.name = name
        self.fields = fields
    }
}
