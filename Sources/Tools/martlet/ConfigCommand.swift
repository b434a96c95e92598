import ArgumentParser
import MailServer

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check and show the configuration.",
        discussion: """
            EXAMPLES
              martlet config check
              martlet config show
            """,
        subcommands: [Check.self, Show.self, Reference.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is wrong with the configuration, or that nothing is.",
            discussion: """
                Every error is a line on standard error: file, line, what is wrong, what to do. The exit code is 78 then.
                A program that mail is to be given to and that is not there is an error here, though the server starts; so
                is a file of users that the configuration names and that is not there. What works and is still not as it
                should be, such as a file with a password that everybody can read, is a warning.

                EXAMPLES
                  martlet config check --config martlet.toml
                """)

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let configuration = try options.load()
            let missing = configuration.missingFiles
            for problem in missing { StandardError.print("\(problem)") }
            for warning in configuration.warnings + configuration.openSecrets {
                StandardError.print("martlet: warning: \(warning)")
            }
            guard missing.isEmpty else { throw ExitCode(ExitStatus.configuration.rawValue) }
            if configuration.domains.isEmpty {
                StandardError.print(
                    "martlet: warning: no domain is local: all mail that is not relayed is refused; add [domain.NAME]")
            }
            let parts = [
                (configuration.listeners.count, "listener"), (configuration.domains.count, "domain"),
                (configuration.allAliases.count, "alias"), (configuration.lists.count, "list"),
            ]
            let counts = parts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : $0.1 == "alias" ? "es" : "s")" }
            StandardOutput.print("OK: \(counts.joined(separator: ", "))")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the configuration in effect, and where each value comes from.",
            discussion: """
                EXAMPLES
                  martlet config show
                  martlet config show --config martlet.toml
                """)

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            StandardOutput.print(ConfigurationListing.text(of: try options.load()), terminator: "")
        }
    }

    struct Reference: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what can be configured, as Markdown.",
            discussion: """
                EXAMPLES
                  martlet config reference > configuration.md
                """)

        func run() {
            StandardOutput.print(ConfigurationReference.markdown(), terminator: "")
        }
    }
}
