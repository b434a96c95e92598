import ArgumentParser
import FoundationEssentials
import MailServer

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Look at the messages that wait, and decide about them.",
        discussion: """
            Asks the running server; where none runs, works with the queue on disk.

            EXAMPLES
              martlet queue list
              martlet queue retry --domain example.net
            """,
        subcommands: [
            List.self, Show.self, Count.self, Retry.self, Hold.self, Release.self, Reroute.self,
            Bounce.self, Delete.self, Check.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the messages in the queue, oldest first.",
            discussion: """
                Shows the recipients that wait; with --to, --domain or --state, those that fit. The JSON objects hold all \
                recipients of a message, whatever the filter.

                EXAMPLES
                  martlet queue list
                  martlet queue list --domain example.net --state held
                  martlet queue list --older 2h --json | jq -r .queue_id
                """)

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var filter: QueueFilterOptions
        @Flag(help: "One JSON object a message and line.") var json = false

        func run() async throws {
            var (messages, octets) = (0, UInt64(0))
            var request = filter.request(.list)
            request.form = json ? .json : .text
            try await QueueConnection(options).ask(request) { answer in
                guard case .page(let page) = answer else { return }
                messages += page.messages
                octets += page.octets
                try StandardOutput.write(page.text)
            }
            if !json {
                StandardOutput.print(
                    QueueListing.summary(messages: messages, octets: octets, isFiltered: request.isNarrowed))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one message of the queue.",
            discussion: """
                EXAMPLES
                  martlet queue show 1HQ2M5C8TXB
                  martlet queue show --json 1HQ2M5C8TXB
                  martlet queue show --raw 1HQ2M5C8TXB > message.eml
                """)

        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "One JSON object.") var json = false
        @Flag(help: "The message itself, octet by octet.") var raw = false
        @Argument(help: "The message's queue ID.") var id: String

        func validate() throws {
            if json, raw { throw ValidationError("--json and --raw do not go together") }
        }

        func run() async throws {
            var request = QueueRequest(raw ? .content : .show)
            request.id = id
            try await QueueConnection(options).ask(request) { answer in
                switch answer {
                case .message(let record):
                    StandardOutput.print(try json ? JSONLine.text(record) : QueueListing.details(of: record))
                case .content(let piece): try StandardOutput.write(piece)
                default: break
                }
            }
        }
    }

    struct Count: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count the messages in the queue.",
            discussion: """
                EXAMPLES
                  martlet queue count
                  martlet queue count --json
                """)

        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "Messages, octets, and recipients by state, as one JSON object.") var json = false

        func run() async throws {
            try await QueueConnection(options).ask(QueueRequest(.count)) { answer in
                guard case .count(let summary) = answer else { return }
                StandardOutput.print(try json ? JSONLine.text(summary) : "\(summary.messages)")
            }
        }
    }
}
