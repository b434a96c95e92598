import ArgumentParser
import FoundationEssentials
import Glibc
import MailServer
import MailSpool

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Look at the messages that wait.",
        discussion: "Asks the running server; where none runs, reads the queue from disk.",
        subcommands: [List.self, Show.self, Count.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the messages in the queue, oldest first.",
            discussion: """
                EXAMPLES
                  martlet queue list
                  martlet queue list --to example.net --state held
                  martlet queue list --json | jq -r .queue_id
                """)

        @OptionGroup var options: ConfigurationOptions
        @Option(help: "Only messages from addresses with this text in them.") var from: String?
        @Option(help: "Only messages to addresses with this text in them.") var to: String?
        @Option(help: "Only messages with a recipient in this state: pending, held, delivered, expanded or failed.")
        var state: String?
        @Option(help: "At most so many messages.") var limit: Int?
        @Flag(help: "One JSON object a message and line.") var json = false

        func validate() throws {
            if let state, !QueueRequest.states.contains(state) {
                throw ValidationError(
                    "there is no state \(state); the states are \(QueueRequest.states.joined(separator: ", "))")
            }
            if let limit, limit < 1 { throw ValidationError("the limit must be 1 or more") }
        }

        func run() async throws {
            var request = QueueRequest(.list)
            (request.sender, request.recipient, request.state, request.limit) = (from, to, state, limit)
            var (messages, octets) = (0, UInt64(0))
            try await QueueCommand.ask(request, options) { answer in
                guard case .message(let record) = answer else { return }
                messages += 1
                octets += record.messageSize
                print(try json ? QueueCommand.line(record) : QueueListing.lines(of: record), terminator: "\n")
            }
            if !json { print(QueueListing.summary(messages: messages, octets: octets)) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one message of the queue.",
            discussion: """
                EXAMPLES
                  martlet queue show 1HQ2M5C8TXB
                  martlet queue show --json 1HQ2M5C8TXB
                """)

        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "One JSON object.") var json = false
        @Argument(help: "The message's queue ID.") var id: String

        func run() async throws {
            var request = QueueRequest(.show)
            request.id = id
            try await QueueCommand.ask(request, options) { answer in
                guard case .message(let record) = answer else { return }
                print(try json ? QueueCommand.line(record) : QueueListing.details(of: record))
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
            try await QueueCommand.ask(QueueRequest(.count), options) { answer in
                guard case .count(let summary) = answer else { return }
                print(try json ? QueueCommand.line(summary) : "\(summary.messages)")
            }
        }
    }

    static func ask(
        _ request: QueueRequest, _ options: ConfigurationOptions, _ take: (QueueAnswer) throws -> Void
    ) async throws {
        let configuration = try options.load()
        let access = QueueAccess(configuration: configuration)
        do {
            try await access.ask(request) { answer in
                if case .failure(let text) = answer { throw ExitStatus.data.failing(text) }
                try take(answer)
            }
        } catch let error as SpoolError {
            throw ExitStatus(error, otherwise: .unavailable).failing(error.text(folder: configuration.spoolFolder))
        } catch let error as ControlError {
            throw ExitStatus(error).failing("\(error)")
        }
    }

    private static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
