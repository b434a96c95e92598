import GRDB
import MailCore
import QueueCore

extension QueueIndex {
    /// - Parameter unreadable: hears of messages that have rows which cannot be read; these are left out.
    static func list(
        _ filter: QueueFilter, limit: Int, unreadable: (QueueID) -> Void, _ db: Database
    ) throws -> [QueueEntry] {
        try ids(filter, limit: limit, db).compactMap { try entry($0, unreadable: unreadable, db) }
    }

    static func entry(_ id: QueueID, unreadable: (QueueID) -> Void, _ db: Database) throws -> QueueEntry? {
        guard let message = try readable({ try message(id, db) }, else: { unreadable(id) }) else { return nil }
        let recipients = try numbers(of: id, db).compactMap { number in
            try readable({ try recipient(id, number, db) }, else: { unreadable(id) })
        }
        return QueueEntry(
            id: id, arrived: message.arrived, size: message.prefixLength + message.bodyLength,
            reversePath: message.reversePath, options: message.options,
            recipients: recipients.map { recipient in
                QueueEntry.Recipient(
                    number: recipient.number, recipient: recipient.recipient, reversePath: recipient.reversePath,
                    state: recipient.state, due: recipient.due, attempts: recipient.attempts, depth: recipient.depth,
                    last: recipient.last)
            })
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
