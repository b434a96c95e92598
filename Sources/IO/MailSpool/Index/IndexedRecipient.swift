import MailCore
import QueueCore

/// A recipient as the index keeps it.
struct IndexedRecipient: Hashable, Sendable {
    var number: Int
    var recipient: EnvelopeRecipient
    /// Who hears about it, where that is not the message's reverse path.
    var reversePath: ReversePath?
    var state = RecipientState.pending
    var due: Timestamp
    var attempts = 0
    var depth = 0
    var last: LastOutcome?

    /// Takes over what an attempt came to.
    mutating func apply(_ result: RecipientResult, at now: Timestamp) {
        attempts += 1
        last = LastOutcome(result.outcome, at: now)
        switch result.outcome.action {
        case .delivered: state = .delivered
        case .expanded: state = .expanded
        case .failed: state = .failed
        case .held: state = .held
        case .deferred:
            state = .pending
            due = result.retryAt ?? now
        }
    }

    /// The recipients that take this one's place, numbered from `number` on, without those at the addresses `present`,
    /// who get the message already.
    func expanded(
        into recipients: [ExpandedRecipient], from number: Int, without present: Set<String>, at now: Timestamp
    ) -> [IndexedRecipient] {
        var seen = present
        return recipients.filter { seen.insert($0.address.description).inserted }.enumerated().map { index, expanded in
            IndexedRecipient(
                number: number + index,
                recipient: EnvelopeRecipient(
                    expanded.address, notify: recipient.notify, original: recipient.original),
                reversePath: expanded.reversePath ?? reversePath, due: now, depth: depth + 1)
        }
    }

    var queued: QueuedRecipient {
        QueuedRecipient(
            number: number, recipient: recipient, reversePath: reversePath, attempts: attempts, depth: depth)
    }
}
