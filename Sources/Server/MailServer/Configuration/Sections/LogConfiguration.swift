/// What is logged, and how.
package struct LogConfiguration: ConfigurationSection {
    package enum Level: String, ConfigurationChoice {
        case trace, debug, info, notice, warning, error, critical
    }

    package enum Format: String, ConfigurationChoice {
        case auto, text, json, logfmt
    }

    package var level = Level.info
    package var format = Format.auto

    package static var defaults: LogConfiguration { LogConfiguration() }

    package static let keys: [ConfigurationKey<LogConfiguration>] = [
        .value("level", \.level, "The least important events that are logged."),
        .value("format", \.format, "How a line looks; `auto` is `text` on a terminal and `logfmt` elsewhere."),
    ]
}
