import GRDB
import MailCore
import QueueCore

/// What is to be told. On the index's thread, behind the writes: what was reported is never seen as due.
extension IndexWriter {
    func reportsDue(after: QueueID?, limit: Int) -> Result<[DueReport], SpoolError> {
        do {
            let found = try surroundings.index.pool.writeWithoutTransaction { db in
                try QueueIndex.messagesToReport(after: after, limit: limit, db)
            }
            return .success(found.flatMap(reports))
        } catch {
            return .failure(failed(error))
        }
    }

    /// One for each mailbox and kind.
    private func reports(_ found: QueueIndex.Due) -> [DueReport] {
        let content = try? surroundings.catalogue.content(of: found.message)
        var groups: [(mailbox: EmailAddress, kind: ReportKind, recipients: [IndexedRecipient])] = []
        for recipient in found.recipients {
            guard let kind = recipient.report?.kind,
                let mailbox = (recipient.reversePath ?? found.message.reversePath).mailbox
            else { continue }
            if let index = groups.firstIndex(where: { $0.mailbox == mailbox && $0.kind == kind }) {
                groups[index].recipients.append(recipient)
            } else {
                groups.append((mailbox, kind, [recipient]))
            }
        }
        return groups.map { group in
            DueReport(
                origin: ReportOrigin(
                    message: found.message.id, kind: group.kind, recipients: group.recipients.map(\.number)),
                arrived: found.message.arrived, mailbox: group.mailbox,
                options: found.message.options(toldTo: group.mailbox),
                recipients: group.recipients.compactMap(\.reported), content: content)
        }
    }
}

extension IndexedMessage {
    /// RET and ENVID are the sender's, and nobody else's business.
    fileprivate func options(toldTo mailbox: EmailAddress) -> EnvelopeOptions {
        guard reversePath.mailbox != mailbox else { return options }
        var options = options
        options.return = nil
        options.envelopeID = nil
        return options
    }
}

extension IndexedRecipient {
    fileprivate var reported: ReportedRecipient? {
        guard let report, let last else { return nil }
        return ReportedRecipient(
            recipient, action: report, status: last.status, diagnostic: last.diagnostic, remoteHost: last.remoteHost,
            attempted: last.at)
    }
}

extension QueueIndex {
    /// Messages with recipients of whom something is to be told, with these recipients; without those of which a row
    /// cannot be read.
    static func messagesToReport(after: QueueID?, limit: Int, _ db: Database) throws -> [Due] {
        let statement = try IndexStatement(
            db,
            """
            SELECT DISTINCT message FROM recipient WHERE report IS NOT NULL AND message > ? ORDER BY message LIMIT ?
            """)
        statement.bind(1, after?.rawValue ?? 0)
        statement.bind(2, limit)
        defer { statement.reset() }
        var ids: [QueueID] = []
        while try statement.next() { ids.append(QueueID(rawValue: statement.number(0))) }
        return try ids.compactMap { id in
            guard case .sound(let message, let recipients) = try readable(id, db) else { return nil }
            return Due(message: message, recipients: recipients.filter { $0.report != nil })
        }
    }
}
