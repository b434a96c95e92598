import ArgumentParser
import FoundationEssentials

/// The program: one command with everything below it.
@main
struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "A mail system: sends, receives, queues and delivers mail.",
        discussion: """
            EXAMPLES
              martlet serve                       a server on 127.0.0.1:2525 for the users ann and bob
              martlet serve --config mail.toml    a server as the file says
              martlet queue list                  what waits to be delivered
              martlet eml message.eml             what is in a message
              martlet send --to ann@localhost --from me@example.net --text Hello
            """,
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, ReloadCommand.self, SendCommand.self, ExplainCommand.self, ProbeCommand.self,
            TelnetCommand.self, QueueCommand.self, MailqCommand.self, WatchCommand.self, TurnCommand.self,
            EmlCommand.self,
            ConfigCommand.self,
            CertCommand.self,
        ])

    /// Runs the command that the arguments name, and ends well only if all of its output could be written.
    static func main() async {
        do {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            try StandardOutput.finish()
        } catch  where exitCode(for: error).isSuccess {
            tell(fullMessage(for: error))
        } catch {
            exit(withError: error)
        }
    }

    /// What was asked for in place of a command, such as help: it too is lost where it cannot be written.
    private static func tell(_ text: String) -> Never {
        do {
            if !text.isEmpty { try StandardOutput.write(Data("\(text)\n".utf8)) }
            exit()
        } catch {
            exit(withError: error)
        }
    }
}
