import ArgumentParser
import MailCore
import MailMIME
import MailServer

/// What is sent: from whom, to whom, and what it says.
struct MessageOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Recipients, as with --to.", valueName: "recipient")) var recipients: [String] = []
    @Option(help: ArgumentHelp("The sender: me@example.net, or 'My Name <me@example.net>'.", valueName: "mailbox"))
    var from: String?
    @Option(
        help: ArgumentHelp(
            "A recipient: ann@example.org, or 'Ann <ann@example.org>'; may be given several times.",
            valueName: "mailbox"))
    var to: [String] = []
    @Option(help: ArgumentHelp("Who gets a copy; may be given several times.", valueName: "mailbox")) var cc: [String] =
        []
    @Option(
        help: ArgumentHelp("Who gets a copy that nobody hears of; may be given several times.", valueName: "mailbox"))
    var bcc: [String] = []
    @Option(help: ArgumentHelp("Where answers go; may be given several times.", valueName: "mailbox")) var replyTo:
        [String] = []
    @Option(help: "The subject.") var subject: String?
    @Option(help: "The text.") var text: String?
    @Option(help: "The same as a page, in HTML.") var html: String?
    @Option(help: ArgumentHelp("A file with the HTML.", valueName: "file")) var htmlFile: String?
    @Option(help: ArgumentHelp("A file to attach; may be given several times.", valueName: "file"))
    var attach: [String] = []
    @Option(
        help: ArgumentHelp(
            "A file that the HTML shows as cid:ID; may be given several times. Without ID= its name is the ID.",
            valueName: "id=file"))
    var inline: [String] = []
    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp("A further header field, 'Name: value'; may be given several times.", valueName: "field"))
    var header: [String] = []
    @Option(help: ArgumentHelp("The message ID of what this answers; may be given several times.", valueName: "id"))
    var inReplyTo: [String] = []
    @Flag(name: .customLong("8bit"), help: "Send text beyond ASCII as it is, where the server takes it.")
    var allows8Bit = false
    @Option(
        help: ArgumentHelp(
            """
            A file with the whole message, - for standard input. It is sent as it is, with CRLF and without Bcc and \
            Resent-Bcc. Where no recipient is named, it goes to those in To, Cc and Bcc of its header (of one sent \
            again, the Resent- ones); where no sender is named, it comes from the one in Sender or From.
            """,
            valueName: "file"))
    var eml: String?
    @Option(
        help: ArgumentHelp(
            "Who hears of failures, where that is not the sender; empty for nobody.", valueName: "address"))
    var envelopeFrom: String?
    @Flag(name: .customLong("no-input"), help: "Ask nothing, and start no editor.") var isQuiet = false

    func validate() throws {
        if eml == nil, !namesRecipients {
            throw ValidationError("there is no recipient; name one with --to")
        }
        if html != nil, htmlFile != nil { throw ValidationError("--html and --html-file exclude each other") }
        if !inline.isEmpty, html == nil, htmlFile == nil {
            throw ValidationError("--inline shows a file within the HTML; give --html or --html-file, or use --attach")
        }
        if eml == nil {
            if from == nil { throw ValidationError("the sender is missing; name it with --from") }
        } else {
            try validateWithFile()
        }
    }

    /// Whether an argument says who gets the message.
    var namesRecipients: Bool { ![recipients, to, cc, bcc].allSatisfy(\.isEmpty) }

    private func validateWithFile() throws {
        let isComposed =
            subject != nil || text != nil || html != nil || htmlFile != nil || allows8Bit
            || ![attach, inline, header, inReplyTo, replyTo].allSatisfy(\.isEmpty)
        if isComposed {
            throw ValidationError("--eml sends a message as it is; header, text and files cannot be added to it")
        }
    }
}
