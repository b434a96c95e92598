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
    /// false.
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
            case .unreadable(let problem): due.unreadable.append((id, problem))
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

    /// Leaves a message's recipients to a person, because its content cannot be read any more.
    static func hold(_ id: QueueID, diagnostic: String, at now: Timestamp, _ db: Database) throws {
        for var recipient in try recipients(of: id, db) where recipient.state == .pending {
            recipient.state = .held
            recipient.last = LastOutcome(
                status: EnhancedStatusCode(.persistentTransientFailure, 3, 0), diagnostic: diagnostic, remoteHost: nil,
                at: now)
            try save(recipient, of: id, db)
        }
    }
}
