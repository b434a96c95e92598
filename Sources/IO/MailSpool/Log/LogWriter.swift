import MailCore
import NIOCore
import QueueCore
import Synchronization

/// The log's thread: writes whoever waits as one group, syncs once, and answers them all.
final class LogWriter: @unchecked Sendable {
    /// What the rest of the spool does about the log.
    struct Listener: Sendable {
        /// A group is durable. Called on the log's thread, in the order of the log, before the group is answered, so
        /// that whoever has the answer finds the message in the queue.
        var durable: @Sendable ([PendingRecord], [LogPlace]) -> Void
        /// A group is durable and answered.
        var answered: @Sendable ([PendingRecord]) -> Void
        /// The log has stopped for good.
        var stopped: @Sendable (FileError) -> Void
    }

    private let folder: SpoolFolder
    private let settings: SpoolSettings
    private let calls: any FileCalls
    private let catalogue: LogCatalogue
    private let listener: Listener
    private let waiting = BatchQueue<PendingRecord>()
    private let isStopped = Atomic<Bool>(false)
    private let thread = Mutex<WorkerThread?>(nil)

    // Used by the log's thread alone.
    private var segment: LogSegment
    private var staging = ByteBuffer()

    /// The most octets that are written between two syncs, unless one record alone is longer.
    private static let groupSize = 8 << 20
    private static let stagingSize = 1 << 20

    /// - Parameter number: that of the first segment to write.
    init(
        folder: SpoolFolder, firstSegment number: UInt64, settings: SpoolSettings, calls: any FileCalls,
        catalogue: LogCatalogue, listener: Listener
    ) throws(FileError) {
        self.folder = folder
        self.settings = settings
        self.calls = calls
        self.catalogue = catalogue
        self.listener = listener
        segment = try Self.makeSegment(number, in: folder, settings: settings, calls: calls)
        catalogue.add(segment.name)
        staging.reserveCapacity(Self.stagingSize)
    }

    private static func makeSegment(
        _ number: UInt64, in folder: SpoolFolder, settings: SpoolSettings, calls: any FileCalls
    ) throws(FileError) -> LogSegment {
        let name = SegmentName(number: number, mark: .random(in: 0...UInt64.max) | 1)
        return try LogSegment(name: name, in: folder, calls: calls, preallocation: settings.preallocation)
    }

    func start() {
        thread.withLock { $0 = WorkerThread("spool-log") { self.run() } }
    }

    /// Writes a record with the next group, then calls its completion on the log's thread.
    func add(_ record: PendingRecord) {
        guard !isStopped.load(ordering: .acquiring), waiting.add(record) else {
            return record.completion(.failure(.stopped))
        }
    }

    /// Refuses all that is not being written already, for good.
    func stop() {
        isStopped.store(true, ordering: .releasing)
    }

    /// Writes what waits and ends. To be called once.
    func close() {
        waiting.close()
        thread.withLock { $0 }?.join()
    }

    private func run() {
        while let records = waiting.takeAll() {
            var rest = records[...]
            while !rest.isEmpty {
                let group = Self.group(of: rest)
                rest = rest.dropFirst(group.count)
                commit(Array(group))
            }
        }
        // What is cut off is zeros; the next start does it if this fails.
        if !isStopped.load(ordering: .acquiring) { try? segment.finish() }
    }

    private static func group(of records: ArraySlice<PendingRecord>) -> ArraySlice<PendingRecord> {
        var size = 0
        let end = records.firstIndex { record in
            size += record.length
            return size > groupSize
        }
        return records[..<max(end ?? records.endIndex, records.startIndex + 1)]
    }

    private func commit(_ group: [PendingRecord]) {
        guard !isStopped.load(ordering: .acquiring) else { return answer(group, .failure(.stopped)) }
        do throws(FileError) {
            if segment.end >= settings.segmentSize { try openNextSegment() }
        } catch {
            let isHarmless = error.isFull || error.isOutOfDescriptors
            return isHarmless ? answer(group, .failure(error.asRefusal)) : stop(error, refusing: group)
        }
        let start = segment.end
        let places: [LogPlace]
        do throws(FileError) {
            places = try write(group)
        } catch {
            return takeBack(group, to: start, after: error)
        }
        do throws(FileError) {
            try segment.synchronize()
        } catch {
            return stop(error, refusing: group)
        }
        listener.durable(group, places)
        answer(group, .success(()))
        listener.answered(group)
    }

    private func openNextSegment() throws(FileError) {
        let next = try Self.makeSegment(segment.name.number + 1, in: folder, settings: settings, calls: calls)
        try segment.finish()
        segment = next
        catalogue.add(next.name)
    }

    private func write(_ group: [PendingRecord]) throws(FileError) -> [LogPlace] {
        var places: [LogPlace] = []
        places.reserveCapacity(group.count)
        var offset = segment.end
        staging.clear()
        for record in group {
            places.append(LogPlace(segment: segment.name.number, offset: offset))
            record.header.encode(mark: segment.name.mark, into: &staging)
            staging.writeImmutableBuffer(record.head)
            if let body = record.body { staging.writeImmutableBuffer(body) }
            offset += record.header.recordLength
            if staging.readableBytes >= Self.stagingSize { try flush() }
        }
        try flush()
        return places
    }

    private func flush() throws(FileError) {
        defer { staging.clear() }
        try segment.write(staging)
    }

    /// After a write that failed: nothing of the group may stay in the log, for its senders are told that it was
    /// refused.
    private func takeBack(_ group: [PendingRecord], to start: UInt64, after error: FileError) {
        guard error.isFull else { return stop(error, refusing: group) }
        do throws(FileError) {
            try segment.cut(to: start)
            answer(group, .failure(.full))
        } catch {
            stop(error, refusing: group)
        }
    }

    /// A failed sync says that something is not on disk, and a later one may not say it again: the system forgets.
    private func stop(_ error: FileError, refusing group: [PendingRecord]) {
        stop()
        listener.stopped(error)
        answer(group, .failure(.stopped))
    }

    private func answer(_ group: [PendingRecord], _ result: Result<Void, SinkError>) {
        for record in group { record.completion(result) }
    }
}
