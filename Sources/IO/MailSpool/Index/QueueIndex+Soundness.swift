import GRDB
import MailCore
import QueueCore

/// Rows that cannot be read: what this program cannot have written, by whatever it came there.
extension QueueIndex {
    enum Reading {
        case sound(IndexedMessage, [IndexedRecipient])
        case missing
        case unreadable(String)
    }

    /// A message and its recipients, as far as they can be read.
    static func readable(_ id: QueueID, _ db: Database) throws -> Reading {
        do {
            guard let message = try message(id, db) else { return .missing }
            return .sound(message, try recipients(of: id, db))
        } catch is MalformedRow {
            return .unreadable("its rows in the index hold what they cannot")
        } catch let error as AddressError {
            return .unreadable("its rows in the index hold what they cannot: \(error)")
        }
    }

    /// Leaves to a person what cannot be read, without reading it.
    static func holdUnread(_ id: QueueID, diagnostic: String, at now: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE recipient SET state = 1, status = '4.3.0', diagnostic = ?, tried = ? \
                WHERE message = ? AND state = 0
                """,
            arguments: [diagnostic, now.microseconds, Int64(bitPattern: id.rawValue)])
    }

    static func exists(_ id: QueueID, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM message WHERE id = ?)",
            arguments: [Int64(bitPattern: id.rawValue)]) ?? false
    }

    static func recipientsWithoutMessage(_ db: Database) throws -> [QueueID] {
        try Int64.fetchAll(
            db, sql: "SELECT DISTINCT message FROM recipient WHERE message NOT IN (SELECT id FROM message)"
        ).map { QueueID(rawValue: UInt64(bitPattern: $0)) }
    }
}
