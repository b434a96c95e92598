import MailCore

/// Why a line is no command, as the reply that says so.
public struct CommandSyntaxError: Error, Hashable, Sendable {
    public let reply: SMTPReply

    init(_ code: Int, _ subject: Int, _ detail: Int, _ text: String) {
        reply = SMTPReply(code, EnhancedStatusCode(.permanentFailure, subject, detail), text)
    }

    static func arguments(_ text: String) -> CommandSyntaxError { CommandSyntaxError(501, 5, 4, text) }
}
