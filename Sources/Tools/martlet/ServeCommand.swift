import ArgumentParser
import Glibc
import MailServer
import MailSpool

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server in the foreground.",
        discussion: """
            Takes mail, keeps it on disk and delivers it until it is told to end (SIGTERM or Ctrl-C); then transactions \
            that are under way may finish. The log goes to standard error; the line "ready" names the addresses.

            SIGHUP makes the server read its configuration again; what is broken changes nothing and is told in the log.

            EXAMPLES
              martlet serve
              martlet serve --config /etc/martlet/martlet.toml
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try options.load()
        let log = EventLog(configuration.log, isTerminal: isatty(STDERR_FILENO) == 1)
        do {
            let path = options.path
            let composition = ServerComposition(configuration: configuration, log: log) {
                () throws(ConfigurationErrors) in
                try ServerConfiguration.load(path: path)
            }
            try await composition.run()
            await log.close()
        } catch {
            await log.close()
            let text = (error as? SpoolError)?.text(folder: configuration.spoolFolder) ?? "\(error)"
            throw status(of: error).failing(text)
        }
    }

    private func status(of error: any Error) -> ExitStatus {
        switch error {
        case is ListenerError: .system
        case let error as SpoolError: ExitStatus(error, otherwise: .inputOutput)
        case let error as DataFolderError: error.isDenied ? .noPermission : .inputOutput
        default: .software
        }
    }
}
