import GRDB
import MailCore
import QueueCore

extension QueueIndex {
    /// The messages that a filter lets through, with all their recipients, by one statement.
    ///
    /// - Parameter unreadable: hears of messages that have rows which cannot be read; these rows are left out.
    static func list(
        _ filter: QueueFilter, limit: Int, unreadable: (QueueID) -> Void, _ db: Database
    ) throws -> [QueueEntry] {
        let ids = try ids(filter, limit: limit, db)
        let statement = try IndexStatement(db, selectEntries)
        statement.bind(1, "[\(ids.map { String(Int64(bitPattern: $0.rawValue)) }.joined(separator: ","))]")
        defer { statement.reset() }
        var entries: [QueueEntry] = []
        entries.reserveCapacity(ids.count)
        var current: QueueID?
        while try statement.next() {
            let id = QueueID(rawValue: statement.number(0))
            if id != current {
                current = id
                if let message = try readable({ try message(statement) }, else: { unreadable(id) }) {
                    entries.append(QueueEntry(message))
                }
            }
            guard entries.last?.id == id, statement.optionalInteger(firstRecipientColumn) != nil,
                let recipient = try readable(
                    { try recipient(statement, from: firstRecipientColumn) }, else: { unreadable(id) })
            else { continue }
            entries[entries.count - 1].recipients.append(QueueEntry.Recipient(recipient))
        }
        return entries
    }

    static func entry(_ id: QueueID, unreadable: (QueueID) -> Void, _ db: Database) throws -> QueueEntry? {
        var filter = QueueFilter()
        filter.ids = [id]
        return try list(filter, limit: 1, unreadable: unreadable, db).first
    }

    private static let firstRecipientColumn = Int32(messageColumns.split(separator: ",").count)

    private static let selectEntries = """
        SELECT \(qualified(messageColumns, "message")), \(qualified(recipientColumns, "recipient")) FROM message \
        LEFT JOIN recipient ON recipient.message = message.id \
        WHERE message.id IN (SELECT value FROM json_each(?)) ORDER BY message.id, recipient.number
        """

    private static func qualified(_ columns: String, _ table: String) -> String {
        columns.split(separator: ", ").map { "\(table).\($0)" }.joined(separator: ", ")
    }

    /// What a row holds; nil if there is none or it cannot be read.
    static func readable<Value>(_ read: () throws -> Value?, else unreadable: () -> Void) throws -> Value? {
        do {
            return try read()
        } catch is MalformedRow {
            unreadable()
            return nil
        }
    }

    static func counts(_ db: Database) throws -> QueueCounts {
        var counts = QueueCounts()
        let messages = try IndexStatement(db, "SELECT count(*), sum(prefix_length + body_length) FROM message")
        defer { messages.reset() }
        if try messages.next() {
            counts.messages = Int(messages.integer(0))
            counts.octets = messages.number(1)
        }
        let recipients = try IndexStatement(db, "SELECT state, count(*) FROM recipient GROUP BY state")
        defer { recipients.reset() }
        while try recipients.next() {
            if let state = RecipientState(rawValue: Int(recipients.integer(0))) {
                counts.recipients[state] = Int(recipients.integer(1))
            }
        }
        return counts
    }
}

extension QueueEntry {
    fileprivate init(_ message: IndexedMessage) {
        self.init(
            id: message.id, arrived: message.arrived, size: message.prefixLength + message.bodyLength,
            reversePath: message.reversePath, options: message.options, recipients: [])
    }
}

extension QueueEntry.Recipient {
    fileprivate init(_ recipient: IndexedRecipient) {
        self.init(
            number: recipient.number, recipient: recipient.recipient, reversePath: recipient.reversePath,
            state: recipient.state, due: recipient.due, attempts: recipient.attempts, depth: recipient.depth,
            last: recipient.last, route: recipient.route, reportDue: recipient.report)
    }
}
