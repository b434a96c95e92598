import ArgumentParser
import MailServer

struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have the running server read its configuration again.",
        discussion: """
            Sessions that have begun go on as they are. A configuration with errors changes nothing; each error is a line \
            on standard error, and the exit code is 78.

            EXAMPLES
              martlet reload
              martlet reload --config /etc/martlet/martlet.toml
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let data = try options.load().data
        var isBroken = false
        do {
            guard let socket = try ControlSocket(data: data) else {
                throw ExitStatus.unavailable.failing("no server runs on \(data)")
            }
            try socket.ask(.reload) { answer in
                switch answer {
                case .reloaded(let keys): Self.say(keys)
                case .failure(let text):
                    isBroken = true
                    StandardError.print(text)
                default: break
                }
            }
        } catch let error as ControlError {
            throw ExitStatus(error).failing("\(error)")
        }
        if isBroken { throw ExitCode(ExitStatus.configuration.rawValue) }
    }

    private static func say(_ keys: [String]) {
        StandardOutput.print("The configuration is in effect.")
        for key in keys { StandardOutput.print("After a restart only: \(key)") }
    }
}
