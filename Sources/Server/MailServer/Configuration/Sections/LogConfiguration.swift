package import Logging

/// What is logged, and how.
package struct LogConfiguration: ConfigurationSection {
    package enum Format: String, ConfigurationChoice {
        case auto, text, json, logfmt
    }

    package var level = Logger.Level.info
    package var format = Format.auto

    package static var defaults: LogConfiguration { LogConfiguration() }

    package static let keys: [ConfigurationKey<LogConfiguration>] = [
        .value("level", \.level, "The least important events that are logged."),
        .value("format", \.format, "How a line looks; `auto` is `text` on a terminal and `logfmt` elsewhere."),
    ]
}

extension Logger.Level: ConfigurationChoice {}
