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
                EXAMPLES
                  martlet queue release 1HQ2M5C8TXB
                  martlet queue release --state held --older 1h
                """)

        @OptionGroup var change: QueueChangeOptions

        func run() async throws {
            try await change.run(change.request(.release), "released")
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
