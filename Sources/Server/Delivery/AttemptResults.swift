import MailCore
import QueueCore

/// Turns outcomes into what is recorded about a recipient, and tells the log.
struct AttemptResults: Sendable {
    let settings: @Sendable () -> DeliverySettings
    let now: @Sendable () -> Timestamp
    let log: @Sendable (DeliveryEvent) -> Void

    /// - Parameters:
    ///   - earliest: for a deferred recipient: before which another attempt makes no sense.
    func result(
        of recipient: QueuedRecipient, in message: QueuedMessage, _ outcome: Outcome, _ policy: RetryPolicy,
        notBefore earliest: Timestamp? = nil, mailbox: String? = nil
    ) -> RecipientResult {
        let time = now()
        var (outcome, retryAt): (Outcome, Timestamp?) = (outcome, nil)
        let attempts = recipient.attempts + (outcome.action == .held ? 0 : 1)
        if outcome.action == .deferred {
            var random = SystemRandomNumberGenerator()
            retryAt = policy.nextAttempt(
                afterAttempts: attempts, at: time, arrived: message.arrived, notBefore: earliest, using: &random)
            if retryAt == nil {
                outcome = .undeliverable(.init(.permanentFailure, 4, 7), "Given up: \(outcome.diagnostic)")
            }
        }
        log(
            DeliveryEvent(
                id: message.id, recipient: recipient.recipient.address, mailbox: mailbox, outcome: outcome,
                attempt: attempts, delay: time - message.arrived, retryAt: retryAt))
        return RecipientResult(
            number: recipient.number, outcome: outcome, retryAt: retryAt,
            isLate: policy.delayReportDue(arrived: message.arrived).map { $0 <= time } ?? false)
    }

    /// What an agent's attempt came to.
    func record(_ job: DeliveryJob, _ outcomes: [Outcome]) -> AttemptRecord {
        precondition(outcomes.count == job.recipients.count, "an agent gives one outcome for each recipient")
        let policy = settings().retries
        return AttemptRecord(
            id: job.message.id,
            results: zip(job.recipients, outcomes).map { result(of: $0, in: job.message, $1, policy) })
    }

    /// A job that is not tried because its destination rests: it shares the fate of the last attempt there.
    func record(_ job: DeliveryJob, _ rest: DestinationRest) -> AttemptRecord {
        let policy = settings().retries
        return AttemptRecord(
            id: job.message.id,
            results: job.recipients.map {
                result(of: $0, in: job.message, rest.error, policy, notBefore: rest.until)
            })
    }

    /// A job for which there is no room before `time`. That is no attempt, and nothing to log.
    func record(_ job: DeliveryJob, postponedUntil time: Timestamp) -> AttemptRecord {
        AttemptRecord(
            id: job.message.id,
            results: job.recipients.map {
                RecipientResult(number: $0.number, outcome: .postponed, retryAt: time, isAttempt: false)
            })
    }
}

extension Outcome {
    fileprivate static let postponed = Outcome(
        .deferred, status: .init(.persistentTransientFailure, 4, 5), diagnostic: "Others wait for the same destination")
}
