import GRDB
import MailCore
import NIOCore
import QueueCore

/// Giving out what is due. On the index's thread.
extension IndexWriter {
    func claim(dueBy time: Timestamp, limit: Int) -> Result<[QueuedMessage], SpoolError> {
        do {
            let due = try surroundings.index.pool.writeWithoutTransaction { db in
                try QueueIndex.due(by: time, limit: limit, isFree: isFree, db)
            }
            for (id, problem) in due.unreadable { try hold(id, because: problem) }
            var reader = SoundContentReader(surroundings.catalogue)
            return .success(try due.found.compactMap { try take($0, &reader) })
        } catch {
            return .failure(failed(error))
        }
    }

    func nextDue() -> Result<Timestamp?, SpoolError> {
        do {
            return .success(
                try surroundings.index.pool.writeWithoutTransaction { db in
                    try QueueIndex.nextDue(isFree: isFree, db)
                })
        } catch {
            return .failure(failed(error))
        }
    }

    /// A full disk only puts it off: somebody asks again in a minute.
    func pullIn(dueAfter horizon: Timestamp, to time: Timestamp) throws -> Int {
        do {
            return try surroundings.index.pool.write { db in try QueueIndex.pullIn(dueAfter: horizon, to: time, db) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            surroundings.notice("the times of what waits cannot be set right, the disk is full; trying again")
            return 0
        } catch {
            throw failed(error)
        }
    }

    /// Keeps what cannot be read from stopping the others.
    private func hold(_ id: QueueID, because diagnostic: String) throws {
        surroundings.notice("message \(id) is held, \(diagnostic)")
        try surroundings.index.pool.write { db in
            try QueueIndex.hold(id, diagnostic: diagnostic, at: surroundings.now(), db)
        }
    }

    private func isFree(_ id: QueueID, _ number: Int) -> Bool {
        !surroundings.inFlight.contains(id, number) && !moving.contains(id)
    }

    /// Takes a message in flight. One whose content is lost is held, so that it does not stop the others.
    private func take(_ due: QueueIndex.Due, _ reader: inout SoundContentReader) throws -> QueuedMessage? {
        let message = due.message
        let content: MessageContent
        do throws(SpoolError) {
            content = try reader.content(of: message)
        } catch {
            try hold(message.id, because: "the content cannot be read: \(error)")
            return nil
        }
        surroundings.inFlight.add(message.id, due.recipients.lazy.map(\.number))
        return QueuedMessage(
            id: message.id, arrived: message.arrived, reversePath: message.reversePath, options: message.options,
            recipients: due.recipients.map(\.queued), content: content)
    }
}
