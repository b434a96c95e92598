import GRDB
import MailCore
import QueueCore

/// Messages and recipients as rows. All of it runs inside a read or a write of the pool.
extension QueueIndex {
    /// A row holds what this program cannot have written.
    struct MalformedRow: Error {}

    /// Why a message with such a row is held.
    static let unreadable = "a row of the index cannot be read"

    static let messageColumns = """
        id, segment, offset, envelope_length, prefix_length, body_length, body_is_file, arrived, reverse_path, \
        body_type, smtputf8, ret, envid
        """

    static let recipientColumns = """
        message, number, address, state, due, attempts, depth, notify, orcpt_type, orcpt, reverse_path, status, \
        diagnostic, remote, tried, report, delay_known, route
        """

    private static let insertMessage =
        "INSERT INTO message (\(messageColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    private static let saveRecipient =
        "INSERT OR REPLACE INTO recipient (\(recipientColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    static func insert(_ message: IndexedMessage, _ db: Database) throws {
        let statement = try IndexStatement(db, insertMessage)
        statement.bind(1, message.id.rawValue)
        statement.bind(2, message.place.segment)
        statement.bind(3, message.place.offset)
        statement.bind(4, message.envelopeLength)
        statement.bind(5, message.prefixLength)
        statement.bind(6, message.bodyLength)
        statement.bind(7, message.bodyIsFile ? 1 : 0)
        statement.bind(8, message.arrived.microseconds)
        statement.bind(9, text(of: message.reversePath))
        statement.bind(10, message.options.body.code)
        statement.bind(11, Int(message.options.flags))
        statement.bind(12, message.options.return?.code)
        statement.bind(13, message.options.envelopeID)
        try statement.run()
    }

    /// Writes a recipient, over the one with its number if there is one.
    static func save(_ recipient: IndexedRecipient, of id: QueueID, _ db: Database) throws {
        let statement = try IndexStatement(db, saveRecipient)
        statement.bind(1, id.rawValue)
        statement.bind(2, recipient.number)
        statement.bind(3, recipient.recipient.address.description)
        statement.bind(4, recipient.state.rawValue)
        statement.bind(5, recipient.due.microseconds)
        statement.bind(6, recipient.attempts)
        statement.bind(7, recipient.depth)
        statement.bind(8, recipient.recipient.notify.map { Int($0.rawValue) })
        statement.bind(9, recipient.recipient.original?.addressType)
        statement.bind(10, recipient.recipient.original?.address)
        statement.bind(11, recipient.reversePath.map(text(of:)))
        statement.bind(12, recipient.last?.status.description)
        statement.bind(13, recipient.last?.diagnostic)
        statement.bind(14, recipient.last?.remoteHost)
        statement.bind(15, recipient.last.map { Int($0.at.microseconds) })
        statement.bind(16, recipient.report?.rawValue)
        statement.bind(17, recipient.isDelayKnown ? 1 : 0)
        statement.bind(18, recipient.route?.description)
        try statement.run()
    }

    /// Reads a row of `messageColumns`.
    static func message(_ row: IndexStatement) throws -> IndexedMessage {
        guard let path = row.text(8), let body = EnvelopeOptions.Body(code: Int(row.integer(9))) else {
            throw MalformedRow()
        }
        return IndexedMessage(
            id: QueueID(rawValue: row.number(0)), arrived: Timestamp(microseconds: row.integer(7)),
            place: LogPlace(segment: row.number(1), offset: row.number(2)), envelopeLength: row.number(3),
            prefixLength: row.number(4), bodyLength: row.number(5), bodyIsFile: row.integer(6) != 0,
            reversePath: try reversePath(path),
            options: EnvelopeOptions(
                body: body, flags: UInt8(truncatingIfNeeded: row.integer(10)),
                return: row.optionalInteger(11).flatMap(EnvelopeOptions.Return.init(code:)), envelopeID: row.text(12)))
    }

    /// Reads a row of `recipientColumns`, the first of which stands at `first`.
    static func recipient(_ row: IndexStatement, from first: Int32 = 0) throws -> IndexedRecipient {
        guard let address = row.text(first + 2).flatMap({ try? EmailAddress($0) }),
            let state = RecipientState(rawValue: Int(row.integer(first + 3)))
        else {
            throw MalformedRow()
        }
        var original: OriginalRecipient?
        if let type = row.text(first + 8), let text = row.text(first + 9) {
            original = OriginalRecipient(addressType: type, address: text)
        }
        return IndexedRecipient(
            number: Int(row.integer(first + 1)),
            recipient: EnvelopeRecipient(
                address,
                notify: row.optionalInteger(first + 7).map {
                    NotifyConditions(rawValue: UInt8(truncatingIfNeeded: $0))
                },
                original: original),
            reversePath: try row.text(first + 10).map(reversePath), state: state,
            due: Timestamp(microseconds: row.integer(first + 4)),
            attempts: Int(row.integer(first + 5)), depth: Int(row.integer(first + 6)),
            last: lastOutcome(row, from: first),
            report: row.optionalInteger(first + 15).flatMap(ReportAction.init(rawValue:)),
            isDelayKnown: row.integer(first + 16) != 0, route: try row.text(first + 17).map(route))
    }

    private static func lastOutcome(_ row: IndexStatement, from first: Int32) -> LastOutcome? {
        guard let status = row.text(first + 11).flatMap(EnhancedStatusCode.init), let diagnostic = row.text(first + 12)
        else {
            return nil
        }
        return LastOutcome(
            status: status, diagnostic: diagnostic, remoteHost: row.text(first + 13),
            at: Timestamp(microseconds: row.integer(first + 14)))
    }

    private static func route(_ text: String) throws -> RouteAction {
        guard let route = try? RouteAction(text) else { throw MalformedRow() }
        return route
    }

    private static func text(of path: ReversePath) -> String { path.mailbox?.description ?? "" }

    private static func reversePath(_ text: String) throws -> ReversePath {
        if text.isEmpty { return .null }
        guard let mailbox = try? EmailAddress(text) else { throw MalformedRow() }
        return .mailbox(mailbox)
    }
}
