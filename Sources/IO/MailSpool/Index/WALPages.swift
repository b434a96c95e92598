import GRDB
import GRDBSQLite
import Synchronization

/// Counts the pages of SQLite's write-ahead log as commits add to it. Taking its hook also turns SQLite's own
/// checkpoints off, which would come in the middle of a commit.
final class WALPages: Sendable {
    private let pages = Atomic<Int>(0)

    var count: Int { pages.load(ordering: .relaxed) }

    func watch(_ db: Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, count in
                guard let context else { return SQLITE_OK }
                let pages = Unmanaged<WALPages>.fromOpaque(context).takeUnretainedValue()
                pages.pages.store(Int(count), ordering: .relaxed)
                return SQLITE_OK
            }, context)
    }

    /// To be called after a checkpoint.
    func reset() {
        pages.store(0, ordering: .relaxed)
    }
}
