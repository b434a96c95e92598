import GRDB
import MailCore
import QueueCore

/// Rows that cannot be read: what this program cannot have written, by whatever it came there.
extension QueueIndex {
    enum Reading {
        case sound(IndexedMessage, [IndexedRecipient])
        case missing
        case unreadable
    }

    /// A message and its recipients, as far as they can be read.
    static func readable(_ id: QueueID, _ db: Database) throws -> Reading {
        do {
            guard let message = try message(id, db) else { return .missing }
            return .sound(message, try recipients(of: id, db))
        } catch is MalformedRow {
            return .unreadable
        }
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
