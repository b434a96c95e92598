public import MailCore
public import SMTPCore
import Synchronization

/// Fails as a script says, one step for each attempt, and then hands mail on: to test how a program takes what servers do.
public final class FailingTransport: MailTransport {
    /// What one attempt comes to.
    public struct Step: Sendable {
        enum Kind: Sendable {
            case pass
            case reply(SMTPReply, SMTPStage)
            case refuse([EmailAddress], SMTPReply)
            case closed(SMTPStage)
            case silence(SMTPStage)
        }

        let kind: Kind

        /// The message is handed on.
        public static let pass = Step(kind: .pass)

        /// The server refuses with this reply; at `.rcpt` it does so for every recipient.
        public static func reply(_ code: Int, _ text: String, at stage: SMTPStage) -> Step {
            Step(kind: .reply(SMTPReply(code, text), stage))
        }

        /// The server refuses these recipients; for the others the message is handed on.
        public static func refuse(_ addresses: [EmailAddress], _ code: Int, _ text: String) -> Step {
            Step(kind: .refuse(addresses, SMTPReply(code, text)))
        }

        /// The server closes the connection.
        public static func connectionLost(at stage: SMTPStage) -> Step { Step(kind: .closed(stage)) }

        /// The server says nothing until the deadline. At `.endOfData` nobody knows whether it took the message.
        public static func silence(at stage: SMTPStage) -> Step { Step(kind: .silence(stage)) }
    }

    private let rest: Mutex<ArraySlice<Step>>
    private let next: any MailTransport

    /// - Parameter next: gets what does not fail.
    public init(_ script: [Step], then next: any MailTransport = MemoryTransport()) {
        rest = Mutex(script[...])
        self.next = next
    }

    /// How many steps of the script were not reached.
    public var remainingSteps: Int { rest.withLock(\.count) }

    public func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt {
        switch rest.withLock({ $0.popFirst() })?.kind ?? .pass {
        case .pass: return try await next.deliver(submission, deadline: deadline)
        case .reply(let reply, let stage): throw Self.error(stage, .refused(reply), submission.envelope)
        case .refuse(let addresses, let reply): return try await refuse(addresses, reply, submission, deadline)
        case .closed(let stage): throw Self.error(stage, .closedByServer, submission.envelope)
        case .silence(let stage):
            try await Task.sleep(until: deadline)
            throw Self.error(stage, .timedOut, submission.envelope)
        }
    }

    public func close() async { await next.close() }

    private static func error(_ stage: SMTPStage, _ reason: SessionFailure.Reason, _ envelope: Envelope) -> SMTPError {
        let error = SMTPError(SessionFailure(stage: stage, reason: reason))
        return error.with(envelope.recipients.map { RecipientResult($0.address, error.outcome) })
    }

    private func refuse(
        _ addresses: [EmailAddress], _ reply: SMTPReply, _ submission: MailSubmission,
        _ deadline: ContinuousClock.Instant
    ) async throws -> MailReceipt {
        var envelope = submission.envelope
        envelope.recipients.removeAll { addresses.contains($0.address) }
        guard !envelope.recipients.isEmpty else { throw Self.error(.rcpt, .refused(reply), submission.envelope) }
        let accepted = MailSubmission(envelope: envelope, content: submission.content, message: submission.message)
        let receipt = try await next.deliver(accepted, deadline: deadline)
        var others = receipt.recipients[...]
        let refused = SMTPError(SessionFailure(stage: .rcpt, reason: .refused(reply))).outcome
        let results = submission.envelope.recipients.compactMap { recipient in
            addresses.contains(recipient.address)
                ? RecipientResult(recipient.address, refused) : others.popFirst()
        }
        return MailReceipt(recipients: results, reply: receipt.reply)
    }
}
