import Glibc
import SendmailCore

/// The program: what callers know as `sendmail`, `mailq`, `newaliases` and `runq`.
@main
enum Sendmail {
    static func main() {
        // A pipe that nobody reads, or a file beyond the limit, is an error of writing, not the end.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        StandardStream.fillGaps()
        let words = CommandLine.arguments
        let name = words.first?.split(separator: "/").last.map(String.init) ?? "sendmail"
        exit(run(name: name, arguments: Array(words.dropFirst())).rawValue)
    }

    private static func run(name: String, arguments: [String]) -> ExitStatus {
        do throws(SendmailFailure) {
            try carryOut(
                SendmailFailure.usage { () throws(SendmailUsageError) in
                    try SendmailArguments(name: name, arguments: arguments)
                })
            return .success
        } catch {
            StandardStream.complain(error.text)
            return error.status
        }
    }

    private static func carryOut(_ arguments: SendmailArguments) throws(SendmailFailure) {
        for warning in arguments.warnings { StandardStream.complain(warning) }
        switch arguments.mode {
        case .deliver: try HandIn(arguments).run()
        case .smtp: try SMTPDialogue(arguments).run()
        case .verify: try HandIn(arguments).verify()
        case .listQueue: try MartletProgram.become(["mailq"] + configuration(arguments))
        case .runQueue(let part):
            if !arguments.isVerbose { StandardStream.silenceOutput() }
            try MartletProgram.become(["queue", "retry"] + configuration(arguments) + words(part))
        case .serve(let inBackground):
            try MartletProgram.become(["serve"] + configuration(arguments), inBackground: inBackground)
        case .help: StandardStream.write(usage)
        // The server reads its aliases with its configuration, and keeps no host status.
        case .rebuildAliases, .nothing: break
        case .unknown("t"):
            throw SendmailFailure(.usage, "there is no address test mode (-bt); martlet config check looks at settings")
        case .unknown(let mode): throw SendmailFailure(.usage, "there is no mode -b\(mode); try --help")
        }
    }

    private static func configuration(_ arguments: SendmailArguments) -> [String] {
        arguments.configuration.map { ["--config", $0] } ?? []
    }

    /// What `martlet queue retry` hears of what is to be tried.
    private static func words(_ part: SendmailArguments.QueueRun) -> [String] {
        switch part {
        case .all: ["--all"]
        case .message(let id): ["--", id]
        case .recipients(let text): ["--to=\(text)"]
        case .senders(let text): ["--from=\(text)"]
        }
    }

    private static let usage = """
        sendmail [OPTION]... [--] [RECIPIENT]...   hands the message on standard input to Martlet
          -t              recipients are also those of To, Cc and Bcc; Bcc is taken away
          -i, -oi         a line with a single dot does not end the message
          -f ADDRESS      the reverse path, to which reports go; '' for none
          -F NAME         the sender's name for a From field that is missing
          -N never|success,failure,delay   when to report    -R full|hdrs   what to bring back
          -V ID           an envelope ID for reports         -C FILE        Martlet's configuration
          -bs             speak SMTP on standard input and output
          -bp, mailq      list the queue                     -bi, newaliases   does nothing, with success
          -bv             look at the addresses              -bd, -bD       start the server
          -q              try all that waits now; -qIID, -qRTEXT, -qSTEXT: one message, or by recipient or sender
        Other options of other sendmails are taken and ignored. Exit status 0: the message is on disk.

        """
}
