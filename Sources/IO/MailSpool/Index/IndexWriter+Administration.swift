import GRDB
import MailCore
import QueueCore

/// What a person does to the queue. On the index's thread, so that nothing is given out in between.
extension IndexWriter {
    /// Changes the recipients that a filter means, in one transaction; those in flight are passed over.
    ///
    /// - Parameters:
    ///   - limit: the most messages that are changed.
    ///   - isRehearsal: whether only to say what would be hit.
    func change(_ change: QueueChange, _ filter: QueueFilter, limit: Int, isRehearsal: Bool) throws -> [QueueHit] {
        let now = surroundings.now()
        let (hits, effect) = try surroundings.index.pool.write { db in
            let hits = try meant(by: change, filter, limit: limit, db)
            var rows = IndexBatch(now: now)
            if !isRehearsal {
                for hit in hits { try rows.apply(change, to: hit, at: now, db) }
            }
            return (hits, rows.effect)
        }
        account(for: effect)
        if !effect.finished.isEmpty { clear(after: effect) }
        return hits
    }

    private func meant(
        by change: QueueChange, _ filter: QueueFilter, limit: Int, _ db: Database
    ) throws -> [QueueHit] {
        var filter = filter
        filter.states = change.states.intersection(filter.states ?? change.states)
        return try QueueIndex.ids(filter, limit: limit, db).compactMap { id in
            guard case .sound(let message, let recipients) = try QueueIndex.readable(id, db) else { return nil }
            let numbers = Set(try QueueIndex.numbers(of: id, filter, db))
            let meant = recipients.filter { numbers.contains($0.number) }.map { recipient in
                QueueHit.Recipient(
                    number: recipient.number, address: recipient.recipient.address, route: recipient.route,
                    isInFlight: surroundings.inFlight.contains(id, recipient.number))
            }
            return QueueHit(id: id, reversePath: message.reversePath, recipients: meant)
        }
    }
}
