import GRDB
import MailCore
import QueueCore

extension QueueIndex {
    static func list(_ filter: QueueFilter, limit: Int, _ db: Database) throws -> [QueueEntry] {
        try ids(filter, limit: limit, db).compactMap { try entry($0, db) }
    }

    static func entry(_ id: QueueID, _ db: Database) throws -> QueueEntry? {
        guard case .sound(let message, let recipients) = try readable(id, db) else { return nil }
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
