import ArgumentParser
import Glibc
import MailCore
import MailServer
import SMTPClient
import SMTPTutor

struct TelnetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telnet",
        abstract: "Speak SMTP by hand, with somebody beside you who explains.",
        discussion: """
            You type a line, the server answers, and you are told what it means and what comes next. Without a host it \
            is a server for practice on this machine: it takes every message, shows it, and forgets it.

            ? explains where you are, ? WORD a command, a keyword or a code. ! does the next step for you. !lf LINE \
            sends LINE with a bare LF. Lines may also come through a pipe.

            EXAMPLES
              martlet telnet
              martlet telnet mail.example.org:25
              printf 'EHLO me\\nQUIT\\n' | martlet telnet 127.0.0.1:2525

            EXIT CODES
              0 the dialogue came to its end; 64 wrong arguments; 75 no connection.
            """)

    @Argument(help: ArgumentHelp("The server: mail.example.org, 192.0.2.1:2525. Without it a server for practice."))
    var host: String?
    @Option(help: ArgumentHelp("The name that EHLO is proposed with.", valueName: "name")) var ehlo = "me.example.net"
    @Option(help: ArgumentHelp("The sender that is proposed.", valueName: "address")) var from = "you@example.net"
    @Option(help: ArgumentHelp("The recipient that is proposed.", valueName: "address")) var to = "ann@example.org"
    @Option(help: ArgumentHelp("How many seconds to wait for an answer.", valueName: "seconds")) var timeout = 10

    func validate() throws {
        if let host, ProbeTarget.read(host) == nil {
            throw ValidationError("'\(host)' is no host; write mail.example.org, host:port or 192.0.2.1")
        }
        guard (1...3_600).contains(timeout) else { throw ValidationError("--timeout is from 1 to 3600 seconds") }
    }

    func run() async throws {
        let view = TelnetView(style: .standardOutput, showsPrompt: isatty(STDIN_FILENO) == 1)
        do {
            guard let host, let (target, port) = ProbeTarget.read(host) else { return try await practise(view) }
            try await converse(with: .host(target.host, port: Int(port ?? 25)), view, practice: nil)
        } catch let error as InputError {
            throw error.status.failing(error.description)
        } catch let error as SMTPError {
            throw ExitStatus.tryAgain.failing("\(error)\(error.hint.map { ". \($0)" } ?? "")".escapingControls)
        }
    }

    private func practise(_ view: TelnetView) async throws {
        try await PracticeServer.with { server in
            view.remark("A server for practice listens on \(server.endpoint), for as long as this lesson lasts.")
            try await converse(with: .host("127.0.0.1", port: server.port), view, practice: server)
        }
    }

    private func converse(
        with endpoint: SMTPURL.Endpoint, _ view: TelnetView, practice: PracticeServer?
    ) async throws {
        let dialogue = try await SMTPDialogue.connect(to: endpoint, timeout: .seconds(timeout))
        view.remark("Connected to \(endpoint).")
        let names = TutorNames(client: ehlo, sender: from, recipient: to)
        try await TelnetSession(
            dialogue, DialogueTutor(names: names), view: view, patience: .seconds(timeout), practice: practice
        ).run()
    }
}

extension ProbeTarget {
    /// As it is connected to.
    fileprivate var host: String {
        switch self {
        case .domain(let domain): domain.description
        case .plainHost(let name): name
        case .address(let address): address.description
        }
    }
}
