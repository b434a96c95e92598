import GRDB
import Glibc
import MailCore
import NIOCore

/// Brings the index up to the log after a stop of any kind.
struct Recovery {
    private let folder: SpoolFolder
    private let index: QueueIndex
    private let catalogue: LogCatalogue
    private let now: Timestamp
    private let source: IndexBatch.Source
    private(set) var report = RecoveryReport()
    private var pending: [LoggedRecord] = []

    /// Records that are indexed in one transaction.
    private static let batchSize = 500

    init(folder: SpoolFolder, index: QueueIndex, catalogue: LogCatalogue, now: Timestamp) {
        self.folder = folder
        self.index = index
        self.catalogue = catalogue
        self.now = now
        source = index.isNew ? .rebuilding : .recovery
    }

    /// Indexes what the index does not know yet, cuts the torn end of the log, and sets aside what is damaged.
    mutating func run() throws {
        let start = try index.pool.read { db in try QueueIndex.progress(db).end }
        let numbers = catalogue.numbers.filter { $0 >= start.segment }
        report.isIndexRebuilt = index.isNew && !numbers.isEmpty
        for number in numbers {
            let offset = number == start.segment ? start.offset : 0
            try read(number, from: offset, isLast: number == numbers.last)
        }
        try flush()
        try removeOrphanedBodies()
    }

    private mutating func read(_ number: UInt64, from start: UInt64, isLast: Bool) throws {
        guard let name = catalogue.name(of: number) else { return }
        let path = catalogue.path(of: name)
        let reader = try SegmentReader(name, path: path)
        var offset = start
        while offset < reader.length {
            if let record = try sound(reader, at: offset) {
                try add(record, in: number, path: path)
                offset = record.end
            } else if let next = try nextSound(reader, from: offset + 1) {
                try setAside(path, number, from: offset, to: next)
                offset = next
            } else {
                return try end(reader, number, path: path, at: offset, isLast: isLast)
            }
        }
    }

    /// The record at `offset` if all of it agrees with its checksums.
    ///
    /// - Throws: `SpoolError.laterLogVersion` for one that is whole and not to be understood here.
    private func sound(_ reader: SegmentReader, at offset: UInt64) throws -> SegmentReader.Record? {
        guard let record = try reader.record(at: offset) else {
            if let version = try reader.version(at: offset), version != RecordHeader.version {
                throw SpoolError.laterLogVersion(Int(version))
            }
            return nil
        }
        return try reader.body(of: record) == nil ? nil : record
    }

    private func nextSound(_ reader: SegmentReader, from start: UInt64) throws -> UInt64? {
        var position = start
        while let mark = try reader.nextMark(from: position) {
            if try sound(reader, at: mark) != nil { return mark }
            position = mark + 1
        }
        return nil
    }

    /// No record follows: zeros that were allocated ahead, or what no sync has made durable, or damage.
    private mutating func end(
        _ reader: SegmentReader, _ number: UInt64, path: String, at offset: UInt64, isLast: Bool
    ) throws {
        let content = try reader.lastContent(from: offset)
        // At the end of the log it may be what was never acknowledged; nobody can tell, so it is kept all the same.
        if content > offset { try setAside(path, number, from: offset, to: content) }
        if isLast { report.cutOctets += content - offset }
        try flush()
        let file = try OpenFile(path, flags: O_RDWR)
        guard ftruncate(file.descriptor, off_t(offset)) == 0, fsync(file.descriptor) == 0 else {
            throw FileError.last("ftruncate", path)
        }
    }

    private mutating func add(_ record: SegmentReader.Record, in number: UInt64, path: String) throws {
        guard !record.header.flags.contains(.bodyIsFile) || hasBody(record) else {
            return try setAside(path, number, from: record.offset, to: record.end)
        }
        pending.append(
            LoggedRecord(
                header: record.header, envelope: record.envelope, origin: record.origin,
                place: LogPlace(segment: number, offset: record.offset)))
        if pending.count >= Self.batchSize { try flush() }
    }

    private func hasBody(_ record: SegmentReader.Record) -> Bool {
        guard let file = try? OpenFile(folder.body(of: record.header.id), flags: O_RDONLY) else { return false }
        return (try? file.length()) == record.header.bodyLength
    }

    private mutating func flush() throws {
        guard !pending.isEmpty else { return }
        let records = pending
        pending = []
        report.reindexed += try index.pool.write { db in
            var batch = IndexBatch(now: now, source: source)
            try batch.add(records, db)
            try batch.finish(db)
            return batch.effect.indexed.count
        }
    }

    private mutating func setAside(_ path: String, _ number: UInt64, from start: UInt64, to end: UInt64) throws {
        report.setAside.append(try folder.setAside(path, from: start, to: end, as: "\(number)-\(start).record"))
    }

    private mutating func removeOrphanedBodies() throws {
        for name in try folder.names(in: folder.bodies) {
            let isKnown = try QueueID(name).map { id in
                try index.pool.read { db in try QueueIndex.hasBodyFile(id, db) }
            }
            guard isKnown != true else { continue }
            // What was set aside may have named it.
            if report.setAside.isEmpty {
                try folder.remove("\(folder.bodies)/\(name)")
                report.removedBodies += 1
            } else {
                try folder.move("\(folder.bodies)/\(name)", to: "\(folder.damaged)/\(name).body")
                report.setAside.append("\(folder.damaged)/\(name).body")
            }
        }
    }
}
