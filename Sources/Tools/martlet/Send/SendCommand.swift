import ArgumentParser
import MailCore
import SMTPClient

struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Write a message and send it.",
        discussion: """
            EXAMPLES
              martlet send --from me@example.net --to ann@localhost --subject Hello --text 'How are you?'
              martlet send --from me@example.net --to ann@localhost --attach picture.png --dialogue
              echo 'All is well.' | martlet send --from cron@example.net --to ann@localhost --subject Report
              martlet send --from me@example.net --to ann@localhost --text Logo --html '<img src="cid:logo">' \\
                  --inline logo=logo.png
              martlet send --from me@example.net --to ann@example.org --via smtp://mail.example.org:25
              martlet send --from me@example.net --to ann@localhost --eml message.eml --json
              martlet send --eml message.eml      to whom its header names

            Without --text, --html and --eml the text is what comes on standard input, or on a terminal what you write
            in $VISUAL or $EDITOR.

            EXIT CODES
              0   the server took the message for every recipient
              64  wrong arguments, or no password where a user logs in
              65  a value that no message can carry
              66  a file cannot be read
              69  refused, for one recipient at least
              73  the editor left nothing
              75  to be tried again later
              76  no TLS with the server as it is wanted, or its certificate is not trusted
              78  the configuration is wrong
            """)

    @OptionGroup(title: "Message") var message: MessageOptions
    @OptionGroup(title: "Reports") var reports: DSNOptions
    @OptionGroup(title: "Way") var way: WayOptions
    @Flag(help: "Show the dialogue as it happens: > is what we say, < what the server says.") var dialogue = false
    @Flag(help: "Print what happens as JSON, one object a line.") var json = false
    @Flag(help: "Print the message to standard output, and do not send it.") var dryRun = false

    func validate() throws {
        try message.validate()
        if dryRun, dialogue || json { throw ValidationError("--dry-run has no dialogue and no result to show") }
    }

    func run() async throws {
        var message = try self.message.outgoing()
        reports.apply(to: &message.envelope)
        if dryRun { return try await message.print() }
        let report = SendReport(isJSON: json, showsDialogue: dialogue)
        do {
            let result = try await way.send(message, report)
            try report.finish(result, message)
        } catch let error as SMTPError {
            throw report.failing(error)
        } catch let error as InputError {
            throw error.status.failing(error.description.escapingControls)
        }
    }
}
