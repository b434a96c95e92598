/// A way for mail to leave the program: over SMTP, or into memory or a folder where nothing shall leave.
public protocol MailTransport: Sendable {
    /// Hands over one message.
    ///
    /// - Parameter deadline: when it must be done. A transport that has no answer by then throws.
    /// - Returns: what was taken; at least one recipient.
    /// - Throws: `SMTPError` if none was taken, or `CancellationError`.
    func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt

    /// Hands over messages, and tells what became of each, in order: what `deliver(_:deadline:)` returns or throws.
    ///
    /// - Parameter timeout: how long each may take.
    func deliver(_ submissions: [MailSubmission], timeout: Duration) async -> [Result<MailReceipt, any Error>]

    /// Ends what is kept open between messages. What is in progress is brought to its end; nothing begins any more.
    func close() async
}

extension MailTransport {
    /// One after another.
    public func deliver(
        _ submissions: [MailSubmission], timeout: Duration
    ) async -> [Result<MailReceipt, any Error>] {
        var results: [Result<MailReceipt, any Error>] = []
        for submission in submissions {
            do {
                results.append(.success(try await deliver(submission, deadline: .now + timeout)))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }

    /// Nothing is kept open.
    public func close() async {}
}
