import GRDB
public import MailCore
public import QueueCore
import Synchronization

/// What a person asks of the queue. The answers show what is in the index, a moment behind what was committed: whoever
/// wants to see that too lets the index catch up first.
extension Spool {
    /// Waits until all that was committed and recorded before is in the index, but no longer than some time: a full disk
    /// keeps the index behind, and what it holds can be seen all the same.
    public func catchUp(within patience: Duration = .seconds(1)) async {
        let isOver = Mutex(false)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let end = { @Sendable in
                let isFirst = isOver.withLock { isOver in
                    defer { isOver = true }
                    return !isOver
                }
                if isFirst { continuation.resume() }
            }
            indexWriter.add(.flush { _ in end() }, isUrgent: true)
            Task {
                try? await Task.sleep(for: patience)
                end()
            }
        }
    }

    /// The messages that a filter lets through, oldest first.
    public func list(_ filter: QueueFilter = QueueFilter(), limit: Int) async throws(SpoolError) -> [QueueEntry] {
        try await read { [unreadable] db in try QueueIndex.list(filter, limit: limit, unreadable: unreadable, db) }
    }

    /// One message; nil if it is not in the queue.
    public func show(_ id: QueueID) async throws(SpoolError) -> QueueEntry? {
        try await read { [unreadable] db in try QueueIndex.entry(id, unreadable: unreadable, db) }
    }

    /// A message's prefix and where its body lies; nil if it is not in the queue. The place may change while the
    /// message waits: read it at once.
    public func content(of id: QueueID) async throws(SpoolError) -> MessageContent? {
        guard let message = try await read({ db in try QueueIndex.message(id, db) }) else { return nil }
        return try catalogue.content(of: message)
    }

    /// Reads one message; nil if it is not in the queue.
    public func reader(of id: QueueID) async throws(SpoolError) -> MessageReader? {
        guard let content = try await content(of: id) else { return nil }
        do throws(FileError) {
            return try MessageReader(content)
        } catch {
            throw .file(error)
        }
    }

    public func count() async throws(SpoolError) -> QueueCounts {
        try await read { db in try QueueIndex.counts(db) }
    }

    private var unreadable: @Sendable (QueueID) -> Void {
        { [notice = indexWriter.surroundings.notice] in notice("message \($0): \(QueueIndex.unreadable)") }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(SpoolError) -> Value {
        do {
            return try await index.pool.read(body)
        } catch {
            throw .index("\(error)")
        }
    }
}
