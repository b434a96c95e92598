import ArgumentParser
import MailServer

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show what SEND, SOML and SAML bring to a user, as at a terminal of that user.",
        discussion: """
            While this runs, the user is there to whoever sends. Ends with Ctrl-C, or with the server.

            EXAMPLES
              martlet watch ann
            """)

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The user's name, as the domain has it.") var user: String

    func run() async throws {
        let configuration = try options.load()
        guard configuration.hasUser(user) else { throw ExitStatus.noUser.failing("there is no user \(user)") }
        let data = configuration.data
        do {
            guard let socket = try ControlSocket(data: data) else {
                throw ExitStatus.unavailable.failing("no server runs on \(data)")
            }
            try socket.ask(.watch(user: user)) { answer in
                switch answer {
                case .shown(let lines):
                    for line in lines { StandardOutput.print(line) }
                    try StandardOutput.finish()
                case .failure(let text): throw ExitStatus.unavailable.failing(text)
                default: break
                }
            }
        } catch let error as ControlError {
            throw ExitStatus(error).failing("\(error)")
        }
    }
}
