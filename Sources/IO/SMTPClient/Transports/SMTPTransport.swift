import MailCore
import MailMIME
public import NIOCore
public import NIOPosix
import SMTPCore

/// Hands mail to one server by SMTP or LMTP, over connections that are used again.
///
/// What the server offers is used: PIPELINING, CHUNKING, 8BITMIME, SMTPUTF8, SIZE, DSN and LIMITS. Where it offers no
/// 8BITMIME, a body beyond ASCII is encoded for it (RFC 6152 §3).
public struct SMTPTransport: MailTransport {
    private let endpoint: SMTPEndpoint
    private let pool: SMTPConnectionPool

    /// - Parameters:
    ///   - configuration: where and how to send.
    ///   - eventLoops: what the connections run on.
    public init(
        _ configuration: MailerConfiguration, on eventLoops: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        endpoint = SMTPEndpoint(configuration.server, tls: configuration.tls, credentials: configuration.credentials)
        pool = SMTPConnectionPool(configuration: configuration.client, limits: configuration.limits, on: eventLoops)
    }

    public func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt {
        try await deliver(submission, after: nil, deadline: deadline)
    }

    /// Many go out in one write where the server offers PIPELINING and CHUNKING.
    public func deliver(
        _ submissions: [MailSubmission], timeout: Duration
    ) async -> [Result<MailReceipt, any Error>] {
        let messages = submissions.map { SMTPMessage($0.envelope, ByteBuffer(bytes: $0.content)) }
        var receipts: [Result<MailReceipt, any Error>] = []
        receipts.reserveCapacity(submissions.count)
        for (submission, result) in zip(submissions, await pool.deliver(messages, to: endpoint, timeout: timeout)) {
            do {
                let first = try result.get()
                let isUnfit = submission.envelope.options.body == .eightBit && first.isUnfit
                receipts.append(
                    .success(
                        try await deliver(submission, after: isUnfit ? nil : first, deadline: .now + timeout)))
            } catch {
                receipts.append(.failure(error))
            }
        }
        return receipts
    }

    /// - Parameter first: what became of as many recipients as one transaction bears; nil to begin with them.
    private func deliver(
        _ submission: MailSubmission, after first: TransactionResult?, deadline: ContinuousClock.Instant
    ) async throws -> MailReceipt {
        let forms = SubmissionForms(submission)
        var (outcomes, last) = (first?.outcomes ?? [], first)
        var rest = submission.envelope
        rest.recipients.removeFirst(outcomes.count)
        while !rest.recipients.isEmpty {
            do {
                let result = try await pool.deliver(to: endpoint, deadline: deadline) { [rest] extensions in
                    try forms.form(of: rest, for: extensions)
                }
                outcomes += result.outcomes
                last = result
                rest.recipients.removeFirst(result.outcomes.count)
            } catch let error as SMTPError where !outcomes.isEmpty {
                // Some recipients have their outcome; what keeps the others from it is theirs alone.
                outcomes += rest.recipients.map { _ in error.outcome }
                rest.recipients = []
            }
        }
        return try Self.receipt(submission.envelope, outcomes, last)
    }

    public func close() async { await pool.close() }

    /// - Throws: `SMTPError` if no recipient was accepted.
    private static func receipt(
        _ envelope: Envelope, _ outcomes: [Outcome], _ last: TransactionResult?
    ) throws -> MailReceipt {
        if let last, !outcomes.contains(where: { $0.action == .delivered }) {
            let whole = TransactionResult(
                outcomes: outcomes, stages: last.stages, reply: last.reply, refusal: last.refusal, failure: last.failure
            )
            throw SMTPError(whole, envelope: envelope)
        }
        return MailReceipt(recipients: [RecipientResult](envelope, outcomes), reply: last?.reply)
    }
}

extension TransactionResult {
    /// Whether the message has to be changed before the server takes it (RFC 3463 §3.7, 5.6.3).
    fileprivate var isUnfit: Bool {
        outcomes.allSatisfy { $0.status == EnhancedStatusCode(.permanentFailure, 6, 3) }
    }
}
