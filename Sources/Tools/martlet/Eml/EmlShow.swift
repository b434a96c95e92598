import ArgumentParser
import FoundationEssentials
import Glibc
import MailCore
import MailMIME
import MailServer

extension EmlCommand {
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the parts of messages.",
            discussion: """
                Control characters from a message never reach the terminal.

                EXAMPLES
                  martlet eml message.eml
                  martlet eml --part 2 message.eml > picture.png
                  martlet eml --extract files message.eml
                  martlet eml --json *.eml | jq -r .text
                """)

        @Flag(help: "One JSON object a message and line.") var json = false
        @Flag(help: "The text of the message.") var text = false
        @Flag(help: "The header's fields, decoded.") var headers = false
        @Option(help: ArgumentHelp("The decoded body of one part, as the tree numbers them.", valueName: "number"))
        var part: Int?
        @Option(help: ArgumentHelp("Write the attachments into a folder.", valueName: "folder")) var extract: String?
        @Argument(help: ArgumentHelp("Files with a message each; - is standard input.", valueName: "file"))
        var files: [String]

        func validate() throws {
            let chosen = [json, text, headers, part != nil, extract != nil].filter { $0 }.count
            if chosen > 1 {
                throw ValidationError("--json, --text, --headers, --part and --extract exclude each other")
            }
            if part != nil, files.count > 1 { throw ValidationError("--part needs a single file") }
        }

        func run() throws {
            for (index, file) in files.enumerated() {
                let message = try MessageInput.message(file)
                if json {
                    StandardOutput.print(try JSONLine.text(MessageRecord(message, file: file)))
                } else if let part {
                    try write(part, of: message, file)
                } else if let extract {
                    try AttachmentFolder(path: extract).extract(message)
                } else {
                    if files.count > 1 {
                        StandardOutput.print((index > 0 ? "\n" : "") + "==> \(file.escapingControls) <==")
                    }
                    StandardOutput.print(overview(of: message))
                }
            }
        }

        private func overview(of message: ParsedMessage) -> String {
            if text { return MessageListing.text(of: message) }
            return headers ? MessageListing.headers(of: message) : MessageListing.tree(of: message)
        }

        private func write(_ number: Int, of message: ParsedMessage, _ file: String) throws {
            guard number >= 0, number < message.partCount else {
                throw ExitStatus.data.failing(
                    "\(file) has no part \(number); its parts are 0 to \(message.partCount - 1)")
            }
            let part = message.allParts[number]
            guard isatty(STDOUT_FILENO) == 1 else {
                try part.forEachDecodedPiece { try StandardOutput.write(Data($0)) }
                return
            }
            guard part.mediaType.hasPrefix("text/") else {
                throw ExitStatus.usage.failing(
                    "part \(number) is \(part.mediaType.escapingControls), which is no text; send the output to a file")
            }
            StandardOutput.print(MessageListing.safe(lines: part.decodedText().text))
        }
    }
}
