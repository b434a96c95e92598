import LocalMail
import MailCore
import NIOPosix
import QueueCore

/// One attempt at a batch of messages, as far as it ends on this machine.
struct DeliveryAttempt: Sendable {
    let agent: MaildirAgent
    let threads: NIOThreadPool
    let results: AttemptResults

    /// What came of a batch.
    struct Result: Sendable {
        /// What to record, message by message.
        var records: [AttemptRecord] = []
        /// What is left to be done by agents.
        var jobs: [DeliveryJob] = []
    }

    /// - Parameter mayBeRepeat: whether an earlier attempt may have got as far as a mailbox.
    func run(_ batch: [QueuedMessage], mayBeRepeat: Bool) async throws -> Result {
        let settings = results.settings()
        let (steps, jobs) = route(batch, Router(settings: settings))
        let outcomes = try await carryOut(steps, mayBeRepeat: mayBeRepeat)
        return Result(records: records(steps, outcomes, settings.retries), jobs: jobs)
    }

    private func route(_ batch: [QueuedMessage], _ router: Router) -> ([DeliveryStep], [DeliveryJob]) {
        var (steps, jobs): ([DeliveryStep], [DeliveryJob]) = ([], [])
        steps.reserveCapacity(batch.count)
        for message in batch {
            var grouping = JobGrouping()
            for recipient in message.recipients {
                let route = router.route(recipient)
                if case .agent(let destination) = route {
                    grouping.add(recipient, to: destination)
                } else {
                    steps.append(DeliveryStep(message: message, recipient: recipient, route: route))
                }
            }
            jobs += grouping.jobs(for: message)
        }
        return (steps, jobs)
    }

    /// Puts the results of neighbouring steps of one message together.
    private func records(
        _ steps: [DeliveryStep], _ outcomes: [Outcome], _ policy: RetryPolicy
    ) -> [AttemptRecord] {
        var records: [AttemptRecord] = []
        var start = 0
        while start < steps.count {
            let message = steps[start].message
            let end = steps[start...].firstIndex { $0.message.id != message.id } ?? steps.count
            let found = (start..<end).map {
                results.result(of: steps[$0].recipient, in: message, outcomes[$0], policy, mailbox: steps[$0].mailbox)
            }
            records.append(AttemptRecord(id: message.id, results: found))
            start = end
        }
        return records
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
}

extension Outcome {
    fileprivate static let loop = undeliverable(
        .init(.permanentFailure, 4, 6), "The message was delivered to this address before: a loop")
}
