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
    /// What is still to be told of it.
    var report: ReportAction?
    /// Whether its delay was told, or is to be.
    var isDelayKnown = false

    /// The way that a person chose for it.
    var route: RouteAction?

    /// Whether nothing more will be done for it, and all is told.
    var isFinished: Bool { state.isFinished && report == nil }

    /// Takes over what an attempt came to.
    ///
    /// - Parameter reversePath: that of the message.
    mutating func apply(_ result: RecipientResult, at now: Timestamp, reversePath: ReversePath) {
        // Where a route holds it, nothing was tried.
        if result.isAttempt, result.outcome.action != .held { attempts += 1 }
        // Without an attempt there is a reason still why it waits, or why it is given up.
        if result.isAttempt || last == nil || result.outcome.action == .failed {
            last = LastOutcome(result.outcome, at: now)
        }
        switch result.outcome.action {
        case .delivered: state = .delivered
        case .expanded: state = .expanded
        case .failed: state = .failed
        case .held: state = .held
        case .deferred:
            state = .pending
            due = result.retryAt ?? now
        }
        let told = ReportAction(
            after: result, notify: recipient.notify, reversePath: self.reversePath == .null ? .null : reversePath,
            isDelayKnown: isDelayKnown)
        // News of a delay is no news when the end is known.
        report = state.isFinished ? told : told ?? report
        if told == .delayed { isDelayKnown = true }
    }

    /// The recipients that take this one's place, numbered from `number` on, without those at the addresses `present`,
    /// who get the message already. A list speaks for itself from here on, and who asked for news of success hears of it
    /// once (RFC 3461 §5.2.7).
    func expanded(
        into recipients: [ExpandedRecipient], from number: Int, without present: Set<String>, at now: Timestamp
    ) -> [IndexedRecipient] {
        let notify = recipients.count == 1 ? recipient.notify : recipient.notify?.subtracting(.success)
        var seen = present
        return recipients.filter { seen.insert($0.address.description).inserted }.enumerated().map { index, expanded in
            IndexedRecipient(
                number: number + index,
                recipient: expanded.reversePath == nil
                    ? EnvelopeRecipient(expanded.address, notify: notify, original: recipient.original)
                    : EnvelopeRecipient(expanded.address),
                reversePath: expanded.reversePath ?? reversePath, due: now, depth: depth + 1)
        }
    }

    var queued: QueuedRecipient {
        QueuedRecipient(
            number: number, recipient: recipient, reversePath: reversePath, attempts: attempts, depth: depth,
            route: route)
    }
}

extension IndexedRecipient {
    /// One of a new message; of a quarantined one it is a person's to say when it is tried.
    init(number: Int, recipient: EnvelopeRecipient, due: Timestamp, quarantine: String?) {
        self.init(number: number, recipient: recipient, due: due)
        guard let quarantine else { return }
        state = .held
        last = LastOutcome(
            Outcome(
                .held, status: EnhancedStatusCode(.success, 0, 0),
                diagnostic: "Quarantined by a filter" + (quarantine.isEmpty ? "" : ": \(quarantine)")), at: due)
    }
}
