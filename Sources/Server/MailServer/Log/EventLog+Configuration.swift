extension EventLog {
    /// A log as the configuration wants it, on standard error.
    ///
    /// - Parameter isTerminal: whether a person watches.
    package convenience init(_ configuration: LogConfiguration, isTerminal: Bool) {
        let format: LogFormat =
            switch configuration.format {
            case .text: .text
            case .json: .json
            case .logfmt: .logfmt
            case .auto: isTerminal ? .text : .logfmt
            }
        self.init(threshold: LogEvent.Level(configuration.level), format: format)
    }
}

extension LogEvent.Level {
    fileprivate init(_ level: LogConfiguration.Level) {
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
