import GRDB
import MailCore
import QueueCore

/// What a person does to recipients, as rows.
extension IndexBatch {
    mutating func apply(_ change: QueueChange, to hit: QueueHit, at now: Timestamp, _ db: Database) throws {
        let numbers = hit.recipients.filter { !$0.isInFlight }.map(\.number)
        if case .bounce(let reason) = change {
            let status = EnhancedStatusCode(.permanentFailure, 0, 0)
            let outcome = Outcome(.failed, status: status, diagnostic: reason)
            return try add(
                [AttemptRecord(id: hit.id, results: numbers.map { RecipientResult(number: $0, outcome: outcome) })], db)
        }
        for number in numbers {
            guard var recipient = try stored(hit.id, number, db) else { continue }
            recipient.apply(change, at: now)
            try QueueIndex.save(recipient, of: hit.id, db)
        }
        if change == .delete { try removeIfFinished(hit.id, db) }
    }
}

extension IndexedRecipient {
    fileprivate mutating func apply(_ change: QueueChange, at now: Timestamp) {
        switch change {
        case .retry: due = now
        case .hold(let reason):
            state = .held
            last = LastOutcome(
                Outcome(.held, status: EnhancedStatusCode(.success, 0, 0), diagnostic: reason), at: now)
        case .release: (state, due, last) = (.pending, now, nil)
        case .reroute(let route):
            self.route = route
            if state == .pending { due = now }
        case .delete: state = .deleted
        case .bounce: preconditionFailure("an outcome is recorded as every outcome is")
        }
    }
}
