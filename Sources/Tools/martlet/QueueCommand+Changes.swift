import ArgumentParser
import MailServer

/// The commands that change what waits. A filter means recipients: those of a message that it leaves out stay as they
/// are.
extension QueueCommand {
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try pending recipients now.",
            discussion: """
                EXAMPLES
                  martlet queue retry --domain example.net
                  martlet queue retry --all
                """)

        @OptionGroup var change: QueueChangeOptions

        func run() async throws {
            try await change.run(change.request(.retry), "due now")
        }
    }

    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let pending recipients wait until they are released.",
            discussion: """
                EXAMPLES
                  martlet queue hold --from news@example.org --reason "Under inspection"
                """)

        @OptionGroup var change: QueueChangeOptions
        @Option(help: "Why; it stands beside the recipient.") var reason: String?

        func run() async throws {
            try await change.run(change.request(.hold, reason: reason), "held")
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let held recipients go on, now.",
            discussion: """
                A recipient whose route is `hold` is held again at once: lead it elsewhere with `martlet queue reroute`, and \
                then release it. Where routes hold all who were meant, the exit code is 78.

                EXAMPLES
                  martlet queue release 1HQ2M5C8TXB
                  martlet queue release --state held --older 1h
                """)

        @OptionGroup var change: QueueChangeOptions

        func run() async throws {
            try await change.run(change.request(.release), "released")
        }
    }

    struct Reroute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let recipients that wait take another route.",
            discussion: """
                A route is written as in the configuration, where `[route]` says `to`; `default` is what the configuration \
                says. Pending recipients are tried now; those held go on when they are released.

                EXAMPLES
                  martlet queue reroute --domain example.net --via smtp://backup.example.org
                  martlet queue reroute --dry-run --via hold 1HQ2M5C8TXB
                  martlet queue reroute --all --via default
                """)

        @OptionGroup var change: QueueChangeOptions
        @Option(help: "The route, or `default`.") var via: String
        @Flag(help: "Do not ask where mail is given up or thrown away.") var yes = false

        func validate() throws {
            if let problem = QueueRequest.problem(withRoute: via) { throw ValidationError(problem) }
        }

        func run() async throws {
            var request = change.request(.reroute)
            request.route = via
            try await change.runIfConfirmed(
                request, "rerouted", isConfirmed: yes || !QueueRequest.givesUp(via))
        }
    }

    struct Bounce: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give recipients up as failed.",
            discussion: """
                EXAMPLES
                  martlet queue bounce --domain dead.example.com --reason "No such domain" --yes
                """)

        @OptionGroup var change: QueueChangeOptions
        @Option(help: "Why; it stands beside the recipient.") var reason: String?
        @Flag(help: "Do not ask.") var yes = false

        func run() async throws {
            try await change.runIfConfirmed(change.request(.bounce, reason: reason), "given up", isConfirmed: yes)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget recipients; nobody is told.",
            discussion: """
                EXAMPLES
                  martlet queue delete --dry-run --from spam@example.net
                  martlet queue delete --yes 1HQ2M5C8TXB
                """)

        @OptionGroup var change: QueueChangeOptions
        @Flag(help: "Do not ask.") var yes = false

        func run() async throws {
            try await change.runIfConfirmed(change.request(.delete), "deleted", isConfirmed: yes)
        }
    }
}
