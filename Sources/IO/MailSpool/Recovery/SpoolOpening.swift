import GRDB
import Glibc
import MailCore

/// A spool's folder, locked and in order, before its threads start.
struct SpoolOpening {
    let folder: SpoolFolder
    let lock: SpoolLock
    let index: QueueIndex
    let catalogue: LogCatalogue
    let report: RecoveryReport
    let use: SegmentUse
    /// Up to where the log is in the index.
    let end: LogPlace
    let lastID: QueueID
    /// The log goes on in a segment of its own, so that nothing is ever written behind an old end.
    let nextSegment: UInt64

    init(folder: SpoolFolder, now: Timestamp) throws {
        self.folder = folder
        try folder.create()
        lock = try SpoolLock(folder.lock)
        index = try Self.openIndex(folder, now: now)
        let names = try folder.names(in: folder.log).compactMap(SegmentName.init)
        catalogue = LogCatalogue(folder: folder, names: names)
        var recovery = Recovery(folder: folder, index: index, catalogue: catalogue, now: now)
        try recovery.run()
        report = recovery.report
        (end, lastID) = try index.pool.read { db in try QueueIndex.progress(db) }
        use = try index.pool.read { db in try QueueIndex.use(db) }
        nextSegment = max(catalogue.numbers.last ?? 0, end.segment) + 1
        for number in catalogue.numbers where use.isEmpty(number) { try catalogue.remove(number) }
    }

    /// Opens the index; one that SQLite cannot read is set aside, and the log makes a new one.
    private static func openIndex(_ folder: SpoolFolder, now: Timestamp) throws -> QueueIndex {
        do {
            return try QueueIndex(path: folder.index)
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            for suffix in ["", "-wal", "-shm"] where access(folder.index + suffix, F_OK) == 0 {
                try folder.move(
                    folder.index + suffix, to: "\(folder.damaged)/index-\(now.microseconds).sqlite\(suffix)")
            }
            return try QueueIndex(path: folder.index)
        }
    }
}
