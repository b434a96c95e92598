import Logging
import MailCore
import SMTPServer

/// Reads the configuration again while the server runs. What is broken changes nothing.
actor ConfigurationReloader {
    private let settings: ServerSettings
    private let read: @Sendable () throws(ConfigurationErrors) -> ServerConfiguration
    private let log: EventLog
    private let notifier: ServiceNotifier

    /// - Parameter read: reads the configuration from its file.
    init(
        settings: ServerSettings, log: EventLog, notifier: ServiceNotifier,
        read: @escaping @Sendable () throws(ConfigurationErrors) -> ServerConfiguration
    ) {
        self.settings = settings
        self.read = read
        self.log = log
        self.notifier = notifier
    }

    /// Reads everything again.
    ///
    /// - Returns: the changed keys that count only after a restart.
    func reload() -> Result<[String], ConfigurationErrors> {
        notifier.reloading()
        let result = take(read)
        switch result {
        case .success: notifier.ready()
        case .failure(let errors): notifier.ready(status: "still the old configuration: \(errors.errors[0])")
        }
        return result
    }

    /// Reads the files of users and aliases again, and nothing else.
    func rereadFiles() {
        let configuration = settings.configuration
        _ = take { () throws(ConfigurationErrors) in try configuration.rereadingFiles() }
    }

    private func take(
        _ read: () throws(ConfigurationErrors) -> ServerConfiguration
    ) -> Result<[String], ConfigurationErrors> {
        do throws(ConfigurationErrors) {
            let new = try read()
            let running = settings.configuration
            let keys = new.keysThatNeedRestart(since: running)
            settings.replace(with: new.keepingWhatNeedsRestart(of: running))
            logReload(new, keys)
            if let context = new.tlsContext, context.isAnother(than: running.tlsContext) { log.write(context) }
            return .success(keys)
        } catch {
            for problem in error.errors {
                log.write(
                    LogEvent("reload-failed", .error, at: SystemClock.now(), [("text", .text("\(problem)"))]))
            }
            return .failure(error)
        }
    }

    private func logReload(_ new: ServerConfiguration, _ keys: [String]) {
        let users = new.domains.reduce(0) { $0 + $1.allUsers.count }
        var fields: [LogEvent.Field] = [
            ("domains", .number(Int64(new.domains.count))), ("users", .number(Int64(users))),
            ("aliases", .number(Int64(new.allAliases.count))),
        ]
        if !keys.isEmpty { fields.append(("restart", .text(keys.joined(separator: " ")))) }
        log.write(LogEvent("reloaded", keys.isEmpty ? .notice : .warning, at: SystemClock.now(), fields))
    }
}
