import GRDB
import Glibc
import MailCore

/// The index, opened and brought up to the log.
struct RecoveredIndex {
    let index: QueueIndex
    let report: RecoveryReport
    let progress: (end: LogPlace, lastID: QueueID)
    let use: SegmentUse

    /// Opens the index; one that is damaged is set aside, and the log makes a new one.
    static func open(_ folder: SpoolFolder, _ catalogue: LogCatalogue, now: Timestamp) throws -> RecoveredIndex {
        if access(folder.indexIsDamaged, F_OK) == 0 { try setAside(folder, now: now) }
        do {
            return try RecoveredIndex(folder, catalogue, now: now)
        } catch let error where (error as? DatabaseError)?.isDamage ?? (error is QueueIndex.MalformedRow) {
            try setAside(folder, now: now)
            return try RecoveredIndex(folder, catalogue, now: now)
        }
    }

    private init(_ folder: SpoolFolder, _ catalogue: LogCatalogue, now: Timestamp) throws {
        index = try QueueIndex(path: folder.index)
        do {
            var recovery = Recovery(folder: folder, index: index, catalogue: catalogue, now: now)
            try recovery.run()
            report = recovery.report
            progress = try index.pool.read { db in try QueueIndex.progress(db) }
            use = try index.pool.read { db in try QueueIndex.use(db) }
        } catch {
            try? index.close()
            throw error
        }
    }

    private static func setAside(_ folder: SpoolFolder, now: Timestamp) throws {
        for suffix in ["", "-wal", "-shm"] where access(folder.index + suffix, F_OK) == 0 {
            try folder.move(folder.index + suffix, to: "\(folder.damaged)/index-\(now.microseconds).sqlite\(suffix)")
        }
        try folder.synchronize(folder.path)
        try folder.remove(folder.indexIsDamaged)
    }
}

extension DatabaseError {
    /// Whether the file holds what SQLite cannot have written.
    var isDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }
}
