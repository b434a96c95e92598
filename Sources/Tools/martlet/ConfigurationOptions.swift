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
            for line in error.errors { StandardError.print("\(line)") }
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
    }

    /// The file to be read; nil where there is none.
    var path: String? { config ?? Self.existing(Self.usualPath) }

    private static func existing(_ path: String) -> String? { access(path, F_OK) == 0 ? path : nil }
}
