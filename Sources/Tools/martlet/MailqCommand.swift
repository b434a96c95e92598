import ArgumentParser
import MailServer

/// The queue as `mailq` of other mail systems lists it: what `sendmail -bp` shows, for monitoring and for old habits.
struct MailqCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mailq",
        abstract: "List the queue in the form of mailq.",
        discussion: """
            The last line is what monitoring reads: -- N Kbytes in N Requests., or Mail queue is empty.

            EXAMPLES
              martlet mailq | tail -n 1
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        var (messages, octets) = (0, UInt64(0))
        try await QueueConnection(options).ask(QueueRequest(.list)) { answer in
            guard case .message(let record) = answer else { return }
            if messages == 0 { StandardOutput.print(MailqListing.heading) }
            messages += 1
            octets += record.messageSize
            StandardOutput.print(MailqListing.lines(of: record), terminator: "\n\n")
        }
        StandardOutput.print(QueueListing.summary(messages: messages, octets: octets))
    }
}
