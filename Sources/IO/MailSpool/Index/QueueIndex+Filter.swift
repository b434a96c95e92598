import GRDB
import MailCore
import QueueCore

extension QueueIndex {
    /// The messages that a filter lets through, in the order of their arrival.
    static func ids(_ filter: QueueFilter, limit: Int, _ db: Database) throws -> [QueueID] {
        var message = filter.messageConditions
        let recipient = filter.recipientConditions
        if !recipient.terms.isEmpty {
            let terms = (["recipient.message = message.id"] + recipient.terms).joined(separator: " AND ")
            message.add("EXISTS (SELECT 1 FROM recipient WHERE \(terms))", recipient.arguments)
        }
        let sql = "SELECT id FROM message WHERE \(message.terms.joined(separator: " AND ")) ORDER BY id LIMIT ?"
        return try Int64.fetchAll(db, sql: sql, arguments: message.arguments + [limit])
            .map { QueueID(rawValue: UInt64(bitPattern: $0)) }
    }

    /// The numbers of a message's recipients that a filter lets through.
    static func numbers(of id: QueueID, _ filter: QueueFilter, _ db: Database) throws -> [Int] {
        var conditions = SQLConditions()
        conditions.add("message = ?", [Int64(bitPattern: id.rawValue)])
        let recipient = filter.recipientConditions
        let terms = (conditions.terms + recipient.terms).joined(separator: " AND ")
        return try Int.fetchAll(
            db, sql: "SELECT number FROM recipient WHERE \(terms) ORDER BY number",
            arguments: conditions.arguments + recipient.arguments)
    }
}

/// Terms that must all be true, and what their question marks stand for.
private struct SQLConditions {
    var terms: [String] = []
    var arguments: StatementArguments = []

    mutating func add(_ term: String, _ arguments: StatementArguments) {
        terms.append(term)
        self.arguments += arguments
    }
}

extension QueueFilter {
    fileprivate var messageConditions: SQLConditions {
        var conditions = SQLConditions()
        conditions.add("message.id > ?", [Int64(bitPattern: after?.rawValue ?? 0)])
        if let ids {
            let list = ids.map { String(Int64(bitPattern: $0.rawValue)) }.joined(separator: ",")
            conditions.add("message.id IN (SELECT value FROM json_each(?))", ["[\(list)]"])
        }
        if let sender {
            conditions.add(sender.isEmpty ? "reverse_path = ?" : "instr(lower(reverse_path), lower(?))", [sender])
        }
        if let arrivedBefore { conditions.add("arrived < ?", [arrivedBefore.microseconds]) }
        if let arrivedFrom { conditions.add("arrived >= ?", [arrivedFrom.microseconds]) }
        return conditions
    }

    fileprivate var recipientConditions: SQLConditions {
        var conditions = SQLConditions()
        if let states {
            conditions.add("state IN (\(states.map { String($0.rawValue) }.joined(separator: ", ")))", [])
        }
        if let recipient { conditions.add("instr(lower(address), lower(?))", [recipient]) }
        if let domain {
            let end = "@\(domain)"
            conditions.add("substr(lower(address), -?) = lower(?)", [end.unicodeScalars.count, end])
        }
        return conditions
    }
}
