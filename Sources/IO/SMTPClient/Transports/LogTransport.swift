import Glibc
import MailCore
import SMTPCore

/// Says what would be sent, and sends nothing: for development.
///
/// The line names the envelope, the size and the message ID. Subject, text and files are not in it, for they may hold what
/// no log should.
public struct LogTransport: MailTransport {
    private static let mostRecipients = 10

    private let log: @Sendable (String) -> Void

    /// - Parameter log: gets one line for each message; without it the line goes to standard error.
    public init(_ log: @escaping @Sendable (String) -> Void = Self.complain) {
        self.log = log
    }

    public func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt {
        log(Self.line(submission))
        return MailReceipt(
            accepting: submission.envelope, SMTPReply(250, EnhancedStatusCode(.success, 0, 0), "only logged, not sent"))
    }

    /// `mail not sent, only logged: from=<shop@example.com> to=<ann@example.org> size=812 attachments=1 message-id=<…>`.
    private static func line(_ submission: MailSubmission) -> String {
        let envelope = submission.envelope
        let more = envelope.recipients.count - mostRecipients
        let recipients = envelope.recipients.prefix(mostRecipients).map { "<\($0.address)>" }.joined(separator: ",")
        var line = "mail not sent, only logged: from=\(envelope.reversePath) to=\(recipients)"
        if more > 0 { line += " and \(more) more" }
        line += " size=\(submission.content.count)"
        if let message = submission.message {
            line += " attachments=\(message.attachments.count) message-id=<\(message.messageID)>"
        }
        return line
    }

    /// Writes a line to standard error.
    public static func complain(_ line: String) {
        let octets = Array("\(line)\n".utf8)
        _ = write(STDERR_FILENO, octets, octets.count)
    }
}
