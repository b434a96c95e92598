import GRDB
import MailCore
import QueueCore

/// The questions that are asked of single messages, inside a read or a write of the pool.
extension QueueIndex {
    private static let selectMessage = "SELECT \(messageColumns) FROM message WHERE id = ?"
    private static let selectRecipient = "SELECT \(recipientColumns) FROM recipient WHERE message = ? AND number = ?"
    private static let selectRecipients = "SELECT \(recipientColumns) FROM recipient WHERE message = ? ORDER BY number"

    static func message(_ id: QueueID, _ db: Database) throws -> IndexedMessage? {
        let statement = try IndexStatement(db, selectMessage)
        statement.bind(1, id.rawValue)
        defer { statement.reset() }
        return try statement.next() ? try message(statement) : nil
    }

    static func recipient(_ id: QueueID, _ number: Int, _ db: Database) throws -> IndexedRecipient? {
        let statement = try IndexStatement(db, selectRecipient)
        statement.bind(1, id.rawValue)
        statement.bind(2, number)
        defer { statement.reset() }
        return try statement.next() ? try recipient(statement) : nil
    }

    /// All recipients of a message, in order.
    static func recipients(of id: QueueID, _ db: Database) throws -> [IndexedRecipient] {
        let statement = try IndexStatement(db, selectRecipients)
        statement.bind(1, id.rawValue)
        defer { statement.reset() }
        var recipients: [IndexedRecipient] = []
        while try statement.next() { recipients.append(try recipient(statement)) }
        return recipients
    }

    /// The numbers of a message's recipients, in order.
    static func numbers(of id: QueueID, _ db: Database) throws -> [Int] {
        let statement = try IndexStatement(db, "SELECT number FROM recipient WHERE message = ? ORDER BY number")
        statement.bind(1, id.rawValue)
        defer { statement.reset() }
        var numbers: [Int] = []
        while try statement.next() { numbers.append(Int(statement.integer(0))) }
        return numbers
    }

    /// The number of the next recipient that a message gets.
    static func nextNumber(_ id: QueueID, _ db: Database) throws -> Int {
        let statement = try IndexStatement(db, "SELECT max(number) + 1 FROM recipient WHERE message = ?")
        statement.bind(1, id.rawValue)
        defer { statement.reset() }
        return try statement.next() ? Int(statement.integer(0)) : 0
    }

    /// The addresses of a message's recipients, but of those that were expanded.
    static func unexpandedAddresses(of id: QueueID, _ db: Database) throws -> Set<String> {
        let statement = try IndexStatement(db, "SELECT address FROM recipient WHERE message = ? AND state <> ?")
        statement.bind(1, id.rawValue)
        statement.bind(2, RecipientState.expanded.rawValue)
        defer { statement.reset() }
        var addresses: Set<String> = []
        while try statement.next() {
            if let address = statement.text(0) { addresses.insert(address) }
        }
        return addresses
    }

    /// Whether a message is there whose body is a file. It does not matter whether its row can be read otherwise.
    static func hasBodyFile(_ id: QueueID, _ db: Database) throws -> Bool {
        let statement = try IndexStatement(db, "SELECT 1 FROM message WHERE id = ? AND body_is_file <> 0")
        statement.bind(1, id.rawValue)
        defer { statement.reset() }
        return try statement.next()
    }

    /// Whether something is left to be done or told of a message.
    static func isUnfinished(_ id: QueueID, _ db: Database) throws -> Bool {
        let statement = try IndexStatement(
            db,
            "SELECT 1 FROM recipient WHERE message = ? AND (state IN (0, 1) OR report IS NOT NULL) LIMIT 1")
        statement.bind(1, id.rawValue)
        defer { statement.reset() }
        return try statement.next()
    }

    /// Deletes a message's rows; returns what it was.
    static func remove(_ id: QueueID, _ db: Database) throws -> IndexedMessage? {
        guard let message = try message(id, db) else { return nil }
        for sql in ["DELETE FROM recipient WHERE message = ?", "DELETE FROM message WHERE id = ?"] {
            let statement = try IndexStatement(db, sql)
            statement.bind(1, id.rawValue)
            try statement.run()
        }
        return message
    }

    static func move(_ id: QueueID, to place: LogPlace, _ db: Database) throws {
        let statement = try IndexStatement(db, "UPDATE message SET segment = ?, offset = ? WHERE id = ?")
        statement.bind(1, place.segment)
        statement.bind(2, place.offset)
        statement.bind(3, id.rawValue)
        try statement.run()
    }

    /// Notes up to where the log is in the index.
    static func advance(to end: LogPlace, lastID: QueueID?, _ db: Database) throws {
        let statement = try IndexStatement(
            db, "UPDATE progress SET segment = ?, offset = ?, last_id = max(last_id, ?) WHERE id = 1")
        statement.bind(1, end.segment)
        statement.bind(2, end.offset)
        statement.bind(3, lastID?.rawValue ?? 0)
        try statement.run()
    }

    /// Up to where the log is in the index, and the greatest queue ID ever seen.
    static func progress(_ db: Database) throws -> (end: LogPlace, lastID: QueueID) {
        let statement = try IndexStatement(db, "SELECT segment, offset, last_id FROM progress WHERE id = 1")
        defer { statement.reset() }
        guard try statement.next() else { throw MalformedRow() }
        return (
            LogPlace(segment: statement.number(0), offset: statement.number(1)),
            QueueID(rawValue: statement.number(2))
        )
    }

    /// All messages that lie in a segment, in the order of the log.
    static func messages(in segment: UInt64, _ db: Database) throws -> [IndexedMessage] {
        let statement = try IndexStatement(
            db, "SELECT \(messageColumns) FROM message WHERE segment = ? ORDER BY offset")
        statement.bind(1, segment)
        defer { statement.reset() }
        var messages: [IndexedMessage] = []
        while try statement.next() { messages.append(try message(statement)) }
        return messages
    }

    /// What lives in each segment of the log.
    static func use(_ db: Database) throws -> SegmentUse {
        let statement = try IndexStatement(
            db,
            """
            SELECT segment, count(*), sum(? + envelope_length + prefix_length + iif(body_is_file, 0, body_length)) \
            FROM message GROUP BY segment
            """)
        statement.bind(1, RecordHeader.length)
        defer { statement.reset() }
        var use = SegmentUse()
        while try statement.next() {
            use.add(statement.number(0), messages: Int(statement.integer(1)), octets: statement.number(2))
        }
        return use
    }
}
