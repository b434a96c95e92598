import GRDB
import MailCore
import QueueCore

/// What one transaction of the index writes: arrivals and attempts in the order in which they came. A message that
/// arrives and is finished in the same batch never gets a row.
struct IndexBatch {
    private(set) var effect = Effect()
    private var fresh: [QueueID: FreshMessage] = [:]
    private var order: [QueueID] = []
    /// The origins that messages came with, whether anything is left to do for them or not.
    private var origins: [String] = []
    private let now: Timestamp
    private let source: Source

    /// Where records come from, and so what may be known of them.
    enum Source {
        /// From the log's thread: all are new, or copies of what has rows.
        case running
        /// From a log that the index knows in part. A copy of what has no rows is a finished message.
        case recovery
        /// From a log whose index is lost. Whatever it holds is pending.
        case rebuilding
    }

    /// What a batch did, for whoever keeps account of the log.
    struct Effect {
        /// Messages that now have rows.
        var indexed: [IndexedMessage] = []
        /// Messages of which nothing is left to do.
        var finished: [IndexedMessage] = []
        /// Messages that lie in another place now, as they were before.
        var moved: [(before: IndexedMessage, place: LogPlace)] = []
        /// Up to where the log is in the index; nil if it did not move.
        var end: LogPlace?
        var lastID: QueueID?
        /// Whether there are outcomes now of which somebody is to be told.
        var isReportDue = false
    }

    private struct FreshMessage {
        var message: IndexedMessage
        var recipients: [IndexedRecipient]
        var isFinished: Bool { recipients.allSatisfy(\.isFinished) }
    }

    init(now: Timestamp, source: Source = .running) {
        self.now = now
        self.source = source
    }

    /// Takes records in that follow those of earlier calls in the log.
    mutating func add(_ records: [LoggedRecord], _ db: Database) throws {
        for record in records {
            if record.header.flags.contains(.copy) {
                try move(record, db)
            } else if try source == .running || QueueIndex.message(record.header.id, db) == nil {
                try take(record, db)
            }
            effect.end = record.end
            effect.lastID = max(effect.lastID ?? record.header.id, record.header.id)
        }
    }

    /// Takes a new message in; of reports only those that tell what is not told yet.
    private mutating func take(_ record: LoggedRecord, _ db: Database) throws {
        if source != .rebuilding, let origin = record.origin, try !settle(origin, db) {
            effect.indexed.append(IndexedMessage(record))
            effect.finished.append(IndexedMessage(record))
        } else {
            add(record)
        }
    }

    /// Notes that a report is in the queue; false if nothing of it was due.
    private mutating func settle(_ origin: ReportOrigin, _ db: Database) throws -> Bool {
        var isSettled = false
        for number in origin.recipients {
            guard var recipient = try stored(origin.message, number, db),
                recipient.report?.kind == origin.kind
            else { continue }
            recipient.report = nil
            try QueueIndex.save(recipient, of: origin.message, db)
            isSettled = true
        }
        if isSettled { try removeIfFinished(origin.message, db) }
        return isSettled
    }

    /// Lets a message go of which nothing is left to do.
    mutating func removeIfFinished(_ id: QueueID, _ db: Database) throws {
        guard try !QueueIndex.isUnfinished(id, db), let message = try QueueIndex.remove(id, db) else { return }
        effect.finished.append(message)
    }

    private mutating func add(_ record: LoggedRecord) {
        let recipients = record.envelope.recipients.enumerated().map { number, recipient in
            IndexedRecipient(
                number: number, recipient: recipient, due: record.header.arrived,
                quarantine: record.envelope.quarantine)
        }
        fresh[record.header.id] = FreshMessage(message: IndexedMessage(record), recipients: recipients)
        order.append(record.header.id)
        if let origin = record.envelope.origin { origins.append(origin) }
    }

    private mutating func move(_ record: LoggedRecord, _ db: Database) throws {
        let id = record.header.id
        if fresh[id] != nil {
            fresh[id]?.message.place = record.place
        } else if let before = try QueueIndex.message(id, db) {
            try QueueIndex.move(id, to: record.place, db)
            effect.moved.append((before, record.place))
        } else if source == .rebuilding {
            add(record)
        }
    }

    /// Takes what attempts came to.
    mutating func add(_ attempts: [AttemptRecord], _ db: Database) throws {
        for attempt in attempts {
            if fresh[attempt.id] != nil {
                apply(attempt)
            } else {
                try applyStored(attempt, db)
            }
        }
    }

    private mutating func apply(_ attempt: AttemptRecord) {
        guard var message = fresh[attempt.id] else { return }
        for result in attempt.results {
            guard let index = message.recipients.firstIndex(where: { $0.number == result.number }),
                !message.recipients[index].state.isFinished
            else { continue }
            message.recipients[index].apply(result, at: now, reversePath: message.message.reversePath)
            if message.recipients[index].report != nil { effect.isReportDue = true }
            if case .expanded(let expanded) = result.outcome.action {
                // One that was expanded itself got nothing; without it a loop of aliases would end in silence.
                let present = message.recipients.lazy.filter { $0.state != .expanded }
                message.recipients += message.recipients[index].expanded(
                    into: expanded, from: message.recipients.count,
                    without: Set(present.map(\.recipient.address.description)), at: now)
            }
        }
        fresh[attempt.id] = message
    }

    private mutating func applyStored(_ attempt: AttemptRecord, _ db: Database) throws {
        guard let message = try stored(attempt.id, db, { try QueueIndex.message(attempt.id, db) }) else { return }
        var known = false
        for result in attempt.results {
            guard var recipient = try stored(attempt.id, result.number, db), !recipient.state.isFinished
            else { continue }
            known = true
            recipient.apply(result, at: now, reversePath: message.reversePath)
            if recipient.report != nil { effect.isReportDue = true }
            try QueueIndex.save(recipient, of: attempt.id, db)
            if case .expanded(let expanded) = result.outcome.action {
                let next = try QueueIndex.nextNumber(attempt.id, db)
                let present = try QueueIndex.unexpandedAddresses(of: attempt.id, db)
                for new in recipient.expanded(into: expanded, from: next, without: present, at: now) {
                    try QueueIndex.save(new, of: attempt.id, db)
                }
            }
        }
        if known { try removeIfFinished(attempt.id, db) }
    }

    func stored(_ id: QueueID, _ number: Int, _ db: Database) throws -> IndexedRecipient? {
        try stored(id, db) { try QueueIndex.recipient(id, number, db) }
    }

    /// What a row of a message holds; nil, and the message is held, if it cannot be read any more.
    private func stored<Row>(_ id: QueueID, _ db: Database, _ read: () throws -> Row?) throws -> Row? {
        do {
            return try read()
        } catch is QueueIndex.MalformedRow {
            try QueueIndex.hold(id, diagnostic: QueueIndex.unreadable, at: now, db)
            return nil
        }
    }

    /// Lets origins go, of earlier batches and of this one.
    mutating func forget(_ names: [String], _ db: Database) throws {
        origins.removeAll(where: names.contains)
        for name in names { try QueueIndex.forget(name, db) }
    }

    /// Writes what is left to be written. The batch is used up then.
    mutating func finish(_ db: Database) throws {
        for id in order {
            guard let message = fresh[id] else { continue }
            if message.isFinished {
                effect.finished.append(message.message)
            } else {
                try QueueIndex.insert(message.message, db)
                for recipient in message.recipients { try QueueIndex.save(recipient, of: id, db) }
            }
            effect.indexed.append(message.message)
        }
        for origin in origins { try QueueIndex.remember(origin, db) }
        if let end = effect.end { try QueueIndex.advance(to: end, lastID: effect.lastID, db) }
    }
}
