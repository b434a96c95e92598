/// A way for mail to leave the program: over SMTP, or into memory or a folder where nothing shall leave.
public protocol MailTransport: Sendable {
    /// Hands over one message.
    ///
    /// - Parameter deadline: when it must be done. A transport that has no answer by then throws.
    /// - Returns: what was taken; at least one recipient.
    /// - Throws: `SMTPError` if none was taken, or `CancellationError`.
    func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt

    /// Ends what is kept open between messages. What is in progress is brought to its end; nothing begins any more.
    func close() async
}

extension MailTransport {
    /// Nothing is kept open.
    public func close() async {}
}
