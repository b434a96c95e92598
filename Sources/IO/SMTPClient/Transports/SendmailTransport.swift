import MailCore
import SMTPCore

/// Hands mail to a program that is called as `sendmail` is: that of the mail server on this machine, or `msmtp`.
///
/// It is run once for each message: `sendmail -i -f SENDER -- RECIPIENT…`, without a shell, with the message on its
/// standard input. Blind copies stand among the arguments and nowhere else. Its exit status says what became of the
/// message, for all recipients at once.
public struct SendmailTransport: MailTransport {
    /// The program's path.
    public let program: String
    /// What is said to the program before all that the envelope asks for.
    public let arguments: [String]

    /// - Parameters:
    ///   - program: an absolute path.
    ///   - arguments: what is said first. `-i`, `-f` and what the envelope asks for come behind.
    public init(program: String = "/usr/sbin/sendmail", arguments: [String] = []) {
        self.program = program
        self.arguments = arguments
    }

    /// - Throws: `SMTPError` if the program cannot be run, or does not end with 0. Its reply is the exit status in the
    ///   words of SMTP. A program that was killed after it had the whole message may have queued it; then there is none.
    public func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt {
        let words = try [program] + arguments + Self.arguments(for: submission.envelope)
        try Task.checkCancellation()
        let run = try SendmailRun(words)
        let end = try await run.finish(LineFeedContent(submission.content), deadline: deadline)
        try Task.checkCancellation()
        guard case .exit(let status, let said) = end else { throw error(end, submission.envelope) }
        let code = EnhancedStatusCode(exitStatus: status)
        let text = "exit status \(status)\(said.isEmpty ? "" : ": \(said)")"
        let reply = SMTPReply(code.class == .success ? 250 : code.class == .permanentFailure ? 554 : 451, code, text)
        guard reply.isPositive else {
            let error = SMTPError(SessionFailure(stage: .endOfData, reason: .refused(reply)))
            throw Self.complete(error, submission.envelope)
        }
        return MailReceipt(accepting: submission.envelope, reply)
    }

    /// A program that was killed.
    private func error(_ end: SendmailRun.End, _ envelope: Envelope) -> SMTPError {
        let why = if case .deadline = end { "did not end in time and was killed" } else { "was killed" }
        let error = SMTPError(
            stage: end.hadWholeMessage ? .endOfData : .content, isTransient: true,
            hint: end.hadWholeMessage ? "It had the whole message, and may have queued it." : nil,
            description: "\(program) \(why)")
        return Self.complete(error, envelope)
    }

    /// What holds for the message holds for every recipient.
    private static func complete(_ error: SMTPError, _ envelope: Envelope) -> SMTPError {
        error.with(envelope.recipients.map { RecipientResult($0.address, error.outcome) })
    }

    /// What the envelope says, in the options that all such programs know.
    static func arguments(for envelope: Envelope) throws(SMTPError) -> [String] {
        var words = ["-i", "-f", envelope.reversePath.mailbox?.description ?? "<>"]
        if envelope.options.body != .sevenBit { words.append("-B8BITMIME") }
        if let notify = envelope.recipients.first?.notify {
            guard envelope.recipients.allSatisfy({ $0.notify == notify }) else { throw differentWishes }
            words += ["-N", notify.words]
        } else if envelope.recipients.contains(where: { $0.notify != nil }) {
            throw differentWishes
        }
        if let returned = envelope.options.return { words += ["-R", returned.rawValue.lowercased()] }
        if let id = envelope.options.envelopeID { words += ["-V", id] }
        return words + ["--"] + envelope.recipients.map(\.address.description)
    }

    private static let differentWishes = SMTPError(
        unsent: "the recipients differ in what the sender wants to hear of them, and a sendmail program takes one wish",
        hint: "Send to them one by one, or over SMTP.")
}

extension NotifyConditions {
    /// As `-N` takes them.
    fileprivate var words: String {
        let names: [(NotifyConditions, String)] = [(.success, "success"), (.failure, "failure"), (.delay, "delay")]
        let words = names.filter { contains($0.0) }.map(\.1)
        return words.isEmpty ? "never" : words.joined(separator: ",")
    }
}
