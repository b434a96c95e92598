import LocalMail
import MailCore
import NIOPosix
import QueueCore

/// One attempt at a batch of messages.
struct DeliveryAttempt: Sendable {
    let agent: MaildirAgent
    let threads: NIOThreadPool
    let settings: @Sendable () -> DeliverySettings
    let now: @Sendable () -> Timestamp
    let log: @Sendable (DeliveryEvent) -> Void

    /// - Parameter mayBeRepeat: whether an earlier attempt may have got as far as a mailbox.
    /// - Returns: what to record, message by message.
    func run(_ batch: [QueuedMessage], mayBeRepeat: Bool) async throws -> [AttemptRecord] {
        let settings = settings()
        let router = Router(settings: settings)
        let steps = batch.flatMap { message in
            message.recipients.map { DeliveryStep(message: message, recipient: $0, route: router.route($0)) }
        }
        let outcomes = try await carryOut(steps, mayBeRepeat: mayBeRepeat)
        var results = zip(steps, outcomes).map { result($0, $1, settings.retries) }[...]
        return batch.map { message in
            defer { results = results.dropFirst(message.recipients.count) }
            return AttemptRecord(id: message.id, results: Array(results.prefix(message.recipients.count)))
        }
    }

    private func carryOut(_ steps: [DeliveryStep], mayBeRepeat: Bool) async throws -> [Outcome] {
        var outcomes: [Outcome?] = steps.map { step in
            if case .decided(let outcome) = step.route { outcome } else { nil }
        }
        let open = outcomes.indices.filter { outcomes[$0] == nil }
        guard !open.isEmpty else { return outcomes.compactMap(\.self) }
        let (agent, undecided) = (agent, open.map { steps[$0] })
        let delivered = try await threads.runIfActive { Self.deliver(undecided, mayBeRepeat, agent) }
        for (index, outcome) in zip(open, delivered) { outcomes[index] = outcome }
        return outcomes.compactMap(\.self)
    }

    /// Writes to mailboxes; blocks its thread. What has been there before is not written again.
    private static func deliver(_ steps: [DeliveryStep], _ mayBeRepeat: Bool, _ agent: MaildirAgent) -> [Outcome] {
        var outcomes: [Outcome?] = steps.map { step in
            step.message.content.wasDelivered(to: step.recipient.recipient.address) ? .loop : nil
        }
        let open = outcomes.indices.filter { outcomes[$0] == nil }
        let deliveries = open.compactMap { steps[$0].delivery(mayBeRepeat: mayBeRepeat) }
        precondition(deliveries.count == open.count, "what is not decided goes to a mailbox")
        for (index, outcome) in zip(open, agent.deliver(deliveries)) { outcomes[index] = outcome }
        return outcomes.compactMap(\.self)
    }

    private func result(_ step: DeliveryStep, _ outcome: Outcome, _ policy: RetryPolicy) -> RecipientResult {
        let time = now()
        var (outcome, retryAt): (Outcome, Timestamp?) = (outcome, nil)
        let attempts = step.recipient.attempts + 1
        if outcome.action == .deferred {
            var random = SystemRandomNumberGenerator()
            retryAt = policy.nextAttempt(
                afterAttempts: attempts, at: time, arrived: step.message.arrived, using: &random)
            if retryAt == nil {
                outcome = .undeliverable(.init(.permanentFailure, 4, 7), "Given up: \(outcome.diagnostic)")
            }
        }
        log(
            DeliveryEvent(
                id: step.message.id, recipient: step.recipient.recipient.address, mailbox: step.mailbox,
                outcome: outcome,
                attempt: attempts, delay: time - step.message.arrived, retryAt: retryAt))
        return RecipientResult(number: step.recipient.number, outcome: outcome, retryAt: retryAt)
    }
}

extension Outcome {
    fileprivate static let loop = undeliverable(
        .init(.permanentFailure, 4, 6), "The message was delivered to this address before: a loop")
}
