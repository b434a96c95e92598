import GRDB
import GRDBSQLite
import Synchronization

/// Counts how often SQLite syncs the write-ahead log of one connection, by standing in for the sync of its file.
enum SyncCounter {
    private struct Watched: @unchecked Sendable {
        var count = 0
        var original: UnsafePointer<sqlite3_io_methods>?
    }

    private static let watched = Mutex(Watched())

    static var count: Int { watched.withLock { $0.count } }

    /// Begins to count; false if SQLite does not give its file away. One connection a process can be watched.
    static func watch(_ db: Database) -> Bool {
        var file: UnsafeMutablePointer<sqlite3_file>?
        guard sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK,
            let file, let original = file.pointee.pMethods
        else { return false }
        // Not freed: the file points to it as long as it is open.
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: original.pointee)
        methods.pointee.xSync = { file, flags in SyncCounter.sync(file, flags) }
        watched.withLock { $0.original = original }
        file.pointee.pMethods = UnsafePointer(methods)
        return true
    }

    private static func sync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
        let original = watched.withLock { watched in
            watched.count += 1
            return watched.original
        }
        return original?.pointee.xSync(file, flags) ?? SQLITE_IOERR
    }
}
