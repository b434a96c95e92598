import ArgumentParser
import Glibc
import MailServer

/// Which configuration a command works with.
struct ConfigurationOptions: ParsableArguments {
    static let usualPath = "/etc/martlet/martlet.toml"

    @Option(
        name: [.customShort("c"), .long],
        help: ArgumentHelp(
            "The configuration file. Without it: \(usualPath), and where there is none, a server for this machine alone.",
            valueName: "file"))
    var config: String?

    /// Reads the configuration; says everything that is wrong with it.
    func load() throws -> ServerConfiguration {
        do {
            return try ServerConfiguration.load(path: path)
        } catch {
            throw Self.failing(error)
        }
    }

    /// Reads where the queue lies; what is wrong with the rest is only a warning.
    func loadForQueue() throws -> ServerConfiguration {
        do {
            let (configuration, warnings) = try ServerConfiguration.loadForQueue(path: path)
            for warning in warnings { StandardError.print("martlet: warning: \(warning)") }
            return configuration
        } catch {
            throw Self.failing(error)
        }
    }

    private static func failing(_ error: ConfigurationErrors) -> ExitCode {
        for line in error.errors { StandardError.print("\(line)") }
        return ExitCode(ExitStatus.configuration.rawValue)
    }

    /// The file to be read; nil where there is none.
    var path: String? { config ?? Self.existing(Self.usualPath) }

    private static func existing(_ path: String) -> String? { access(path, F_OK) == 0 ? path : nil }
}
