import MailCore
import QueueCore

/// Turns outcomes into what is recorded about a recipient, and tells the log.
struct AttemptResults: Sendable {
    let settings: @Sendable () -> DeliverySettings
    let now: @Sendable () -> Timestamp
    let log: @Sendable (DeliveryEvent) -> Void

    /// - Parameter rest: why the recipient was not tried; then this is no attempt.
    func result(
        of recipient: QueuedRecipient, in message: QueuedMessage, _ outcome: Outcome, _ policy: RetryPolicy,
        during rest: DestinationRest? = nil, mailbox: String? = nil
    ) -> RecipientResult {
        let time = now()
        var (outcome, retryAt): (Outcome, Timestamp?) = (outcome, nil)
        let attempts = recipient.attempts + (rest == nil && outcome.action != .held ? 1 : 0)
        if outcome.action == .deferred {
            var random = SystemRandomNumberGenerator()
            retryAt =
                if let rest {
                    policy.nextLook(
                        afterAttempts: attempts, at: time, arrived: message.arrived, notBefore: rest.until,
                        using: &random)
                } else {
                    policy.nextAttempt(
                        afterAttempts: attempts, at: time, arrived: message.arrived, using: &random)
                }
            if retryAt == nil { outcome = outcome.givenUp }
        }
        log(
            DeliveryEvent(
                id: message.id, recipient: recipient.recipient.address, mailbox: mailbox, outcome: outcome,
                attempt: attempts, delay: time - message.arrived, retryAt: retryAt))
        return RecipientResult(
            number: recipient.number, outcome: outcome, retryAt: retryAt, isAttempt: rest == nil,
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

    /// A job that is not tried because its destination rests: it shares the reason of the last attempt there, and waits.
    func record(_ job: DeliveryJob, _ rest: DestinationRest) -> AttemptRecord {
        let policy = settings().retries
        return AttemptRecord(
            id: job.message.id,
            results: job.recipients.map {
                result(of: $0, in: job.message, rest.error, policy, during: rest)
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

    /// The same where there is no more time, which the status says. The reason keeps its words (RFC 3464 §2.3.6).
    fileprivate var givenUp: Outcome {
        var outcome = self
        outcome.action = .failed
        outcome.status = EnhancedStatusCode(.permanentFailure, 4, 7)
        return outcome
    }
}
