import ArgumentParser
import MailServer

extension QueueCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the whole queue and say what is damaged.",
            discussion: """
                What is damaged is held and copied into the folder "damaged" of the queue; nothing is deleted. The exit \
                code is 65 if there was anything.

                EXAMPLES
                  martlet queue check
                """)

        @OptionGroup var options: ConfigurationOptions
        @Flag(help: "One JSON object a finding and line, and one for the whole.") var json = false

        func run() async throws {
            var isSound = true
            try await QueueConnection(options).ask(QueueRequest(.check)) { answer in
                switch answer {
                case .finding(let finding):
                    isSound = false
                    StandardOutput.print(try json ? JSONLine.text(finding) : QueueListing.line(of: finding))
                case .checked(let summary):
                    StandardOutput.print(try json ? JSONLine.text(summary) : QueueListing.line(of: summary))
                default: break
                }
            }
            if !isSound { throw ExitCode(ExitStatus.data.rawValue) }
        }
    }
}
