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
        self.init(threshold: configuration.level, format: format)
    }
}
