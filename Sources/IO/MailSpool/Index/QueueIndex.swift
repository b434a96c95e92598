import GRDB
import Glibc

/// The index of the queue: who is still to get which message, when, and where the message lies in the log.
final class QueueIndex: Sendable {
    let pool: DatabasePool
    /// Whether the index was made by this opening, so that it knows nothing of what the log holds.
    let isNew: Bool

    /// Pages of the write-ahead log that the last commit left.
    let walPages = WALPages()

    /// Opens the index, or makes it.
    init(path: String) throws {
        var configuration = Configuration()
        configuration.label = "spool-index"
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(5)
        // SQLite gives its other files the rights of this one.
        _ = try OpenFile(path, flags: O_RDWR | O_CREAT)
        pool = try DatabasePool(path: path, configuration: configuration)
        // The pool sets NORMAL when it opens its writer, and NORMAL does not sync a commit.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        isNew = try Self.prepareSchema(pool)
        let pages = walPages
        pool.writeWithoutTransaction { pages.watch($0) }
    }

    func close() throws {
        try pool.close()
    }

    /// Moves what has been committed from the write-ahead log into the database.
    func checkpoint(_ kind: Database.CheckpointMode) throws {
        try pool.writeWithoutTransaction { db in
            _ = try db.checkpoint(kind)
        }
        walPages.reset()
    }
}
