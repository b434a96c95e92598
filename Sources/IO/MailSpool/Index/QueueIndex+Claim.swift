import GRDB
import MailCore
import QueueCore

extension QueueIndex {
    /// A message and those of its recipients that are due and free.
    struct Due {
        var message: IndexedMessage
        var recipients: [IndexedRecipient]
    }

    /// What is due, and what should be but cannot be read.
    struct AllDue {
        var found: [Due] = []
        var unreadable: [(id: QueueID, problem: String)] = []
    }

    /// The messages with recipients due by `time`, the longest due first, leaving out those for which `isFree` is
    /// false, and those of which a row cannot be read.
    static func due(
        by time: Timestamp, limit: Int, isFree: (QueueID, Int) -> Bool, _ db: Database
    ) throws -> AllDue {
        var due = AllDue()
        for id in try dueMessages(by: time, limit: limit, isFree: isFree, db) {
            switch try readable(id, db) {
            case .sound(let message, let recipients):
                let free = recipients.filter { $0.state == .pending && $0.due <= time && isFree(id, $0.number) }
                due.found.append(Due(message: message, recipients: free))
            case .missing: due.unreadable.append((id, "it is missing in the index"))
            case .unreadable: due.unreadable.append((id, unreadable))
            }
        }
        return due
    }

    private static func dueMessages(
        by time: Timestamp, limit: Int, isFree: (QueueID, Int) -> Bool, _ db: Database
    ) throws -> [QueueID] {
        let statement = try IndexStatement(
            db, "SELECT message, number FROM recipient WHERE state = 0 AND due <= ? ORDER BY due")
        statement.bind(1, time.microseconds)
        defer { statement.reset() }
        var seen: Set<QueueID> = []
        var ids: [QueueID] = []
        while ids.count < limit, try statement.next() {
            let id = QueueID(rawValue: statement.number(0))
            if isFree(id, Int(statement.integer(1))), seen.insert(id).inserted { ids.append(id) }
        }
        return ids
    }

    /// When the first recipient that is free is due.
    static func nextDue(isFree: (QueueID, Int) -> Bool, _ db: Database) throws -> Timestamp? {
        let statement = try IndexStatement(
            db, "SELECT message, number, due FROM recipient WHERE state = 0 ORDER BY due")
        defer { statement.reset() }
        while try statement.next() {
            if isFree(QueueID(rawValue: statement.number(0)), Int(statement.integer(1))) {
                return Timestamp(microseconds: statement.integer(2))
            }
        }
        return nil
    }

    /// Where somebody was due beyond the horizon, messages may have come in at times beyond it too; they come in now, or
    /// they would wait for the end of their lifetime as long.
    ///
    /// - Returns: how many recipients have changed; mostly none, and then nothing is written.
    static func pullIn(dueAfter horizon: Timestamp, to time: Timestamp, _ db: Database) throws -> Int {
        let set = { (what: String) in
            let statement = try IndexStatement(db, what)
            statement.bind(1, time.microseconds)
            statement.bind(2, horizon.microseconds)
            try statement.run()
            return db.changesCount
        }
        let changed = try set("UPDATE recipient SET due = ? WHERE state = 0 AND due > ?")
        if changed > 0 { _ = try set("UPDATE message SET arrived = ? WHERE arrived > ?") }
        return changed
    }

    /// Leaves a message's recipients to a person, because its content or its rows cannot be read any more.
    static func hold(_ id: QueueID, diagnostic: String, at now: Timestamp, _ db: Database) throws {
        let statement = try IndexStatement(
            db,
            """
            UPDATE recipient SET state = ?, status = ?, diagnostic = ?, remote = NULL, tried = ? \
            WHERE message = ? AND state = ?
            """)
        statement.bind(1, RecipientState.held.rawValue)
        statement.bind(2, EnhancedStatusCode(.persistentTransientFailure, 3, 0).description)
        statement.bind(3, diagnostic)
        statement.bind(4, now.microseconds)
        statement.bind(5, id.rawValue)
        statement.bind(6, RecipientState.pending.rawValue)
        try statement.run()
    }
}
