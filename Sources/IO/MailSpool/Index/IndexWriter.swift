import GRDB
import Glibc
import MailCore
import QueueCore
import Synchronization

/// The index's thread: writes arrivals and outcomes in groups, behind the log, gives out what is due, and clears away
/// what nobody needs any more. All that asks what waits goes through it, so nothing is given out on an old view.
final class IndexWriter: @unchecked Sendable {
    /// What the thread works with.
    struct Surroundings: Sendable {
        var index: QueueIndex
        var folder: SpoolFolder
        var catalogue: LogCatalogue
        var inFlight: InFlight
        var settings: SpoolSettings
        var now: @Sendable () -> Timestamp
        /// Writes a copy of a record to the end of the log.
        var copy: @Sendable (PendingRecord) -> Void
        /// The index cannot be written any more.
        var stopped: @Sendable (SpoolError) -> Void
        /// Something that a person should know, in one line.
        var notice: @Sendable (String) -> Void
    }

    let surroundings: Surroundings
    let reportListener = ReportListener()
    private let requests = BatchQueue<IndexRequest>(limit: 50_000)
    private let isClosing = Atomic<Bool>(false)
    private var thread: WorkerThread?

    // Used by the index's thread alone.
    var use: SegmentUse
    /// Up to where the log is in the index.
    var end: LogPlace
    /// Messages on their way to another place in the log; they are not given out.
    var moving: Set<QueueID> = []
    /// The lengths of closed segments.
    var lengths: [UInt64: UInt64] = [:]
    /// Segments that cannot be read as a whole, and therefore stay.
    var uncopyable: Set<UInt64> = []
    private var failure: SpoolError?

    /// Pages of the write-ahead log, of 4 KiB each, from which on it is checkpointed, and from which on it is emptied.
    private static let checkpointPages = 8_192
    private static let truncationPages = 32_768
    /// Milliseconds without work after which the write-ahead log is checkpointed.
    private static let idleTime = 500

    init(_ surroundings: Surroundings, use: SegmentUse, end: LogPlace) {
        self.surroundings = surroundings
        self.use = use
        self.end = end
    }

    func start() {
        thread = WorkerThread("spool-index") { self.run() }
    }

    /// Waits for a full disk no more: what came in is in the log, and whoever records an outcome is refused. To be
    /// called before the log's thread is asked to end, which may wait for this one.
    func prepareToClose() {
        isClosing.store(true, ordering: .releasing)
    }

    /// Does what waits and ends. To be called once.
    func close() {
        requests.close()
        thread?.join()
    }

    func add(_ request: IndexRequest, isUrgent: Bool = false) {
        if !requests.add(request, isUrgent: isUrgent) { request.refuse(.stopped) }
    }

    /// Takes records that have become durable; waits while the index is far behind.
    func add(arrivals records: [LoggedRecord]) {
        requests.addWaiting(.arrivals(records), weight: records.count)
    }

    private func run() {
        let settings = surroundings.settings
        while let batch = requests.takeAll(
            idle: surroundings.index.walPages.count > 0 ? Self.idleTime : nil, gather: settings.indexGatherTime,
            weight: settings.indexGatherCount)
        {
            if batch.isEmpty {
                checkpoint(.passive)
            } else {
                process(batch)
            }
        }
    }

    private func process(_ batch: [IndexRequest]) {
        if let failure { return refuse(batch, failure) }
        do throws(SpoolError) {
            try write(batch)
        } catch {
            failure = error
            if error != .stopped { surroundings.stopped(error) }
            return refuse(batch, error)
        }
        for request in batch { answer(request) }
        checkpointIfLong()
    }

    private func refuse(_ batch: [IndexRequest], _ error: SpoolError) {
        for request in batch { request.refuse(error) }
    }

    /// Writes all arrivals and attempts of a batch in one transaction.
    private func write(_ batch: [IndexRequest]) throws(SpoolError) {
        guard batch.contains(where: \.isWrite) else { return }
        let before = end.segment
        let effect = try transaction(batch)
        account(for: effect)
        if !moving.isEmpty { endMoves(batch) }
        for case .attempts(let attempts, _) in batch {
            for attempt in attempts { surroundings.inFlight.remove(attempt.id, attempt.results.lazy.map(\.number)) }
        }
        if !effect.finished.isEmpty || end.segment != before { clear(after: effect) }
    }

    /// A full disk is waited out: what came in is safe in the log, and an outcome that is forgotten is a second
    /// delivery.
    private func transaction(_ batch: [IndexRequest]) throws(SpoolError) -> IndexBatch.Effect {
        var isNoticed = false
        while true {
            do {
                return try surroundings.index.pool.write { db in
                    var rows = IndexBatch(now: surroundings.now())
                    for request in batch {
                        switch request {
                        case .arrivals(let records): try rows.add(records, db)
                        case .attempts(let attempts, _): try rows.add(attempts, db)
                        case .forget(let origins): try rows.forget(origins, db)
                        case .claim, .nextDue, .reportsDue, .notCopied, .administer, .flush: break
                        }
                    }
                    try rows.finish(db)
                    return rows.effect
                }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
                guard !isClosing.load(ordering: .acquiring) else { throw .stopped }
                if !isNoticed { surroundings.notice("the index cannot be written, the disk is full; trying again") }
                isNoticed = true
                usleep(500_000)
            } catch {
                throw failed(error)
            }
        }
    }

    /// What a failure of the index means. Where its pages are damaged, the spool stops and the next start rebuilds it.
    func failed(_ error: any Error) -> SpoolError {
        let result = error as? SpoolError ?? .index("\(error)")
        guard let error = error as? DatabaseError, error.isDamage, failure == nil else { return result }
        do throws(FileError) {
            _ = try OpenFile(surroundings.folder.indexIsDamaged, flags: O_RDWR | O_CREAT)
            try surroundings.folder.synchronize(surroundings.folder.path)
        } catch {
            surroundings.notice("that the index is damaged cannot be noted: \(error)")
        }
        failure = result
        surroundings.stopped(result)
        return result
    }

    func account(for effect: IndexBatch.Effect) {
        for message in effect.indexed { use.add(message.place.segment, octets: message.recordLength) }
        for (before, place) in effect.moved {
            use.remove(before.place.segment, octets: before.recordLength)
            use.add(place.segment, octets: before.recordLength)
        }
        for message in effect.finished {
            use.remove(message.place.segment, octets: message.recordLength)
        }
        if let end = effect.end { self.end = end }
        if effect.isReportDue { reportListener.call() }
    }

    private func endMoves(_ batch: [IndexRequest]) {
        for case .arrivals(let records) in batch {
            for record in records where record.header.flags.contains(.copy) { moving.remove(record.header.id) }
        }
    }

    private func answer(_ request: IndexRequest) {
        switch request {
        case .arrivals, .forget: break
        case .notCopied(let id): moving.remove(id)
        case .attempts(_, let done), .flush(let done): done(.success(()))
        case .claim(let time, let limit, let answer): answer(claim(dueBy: time, limit: limit))
        case .nextDue(let answer): answer(nextDue())
        case .administer(let run, _): run(self)
        case .reportsDue(let after, let limit, let answer): answer(reportsDue(after: after, limit: limit))
        }
    }

    private func checkpointIfLong() {
        let pages = surroundings.index.walPages.count
        if pages >= Self.truncationPages {
            checkpoint(.truncate)
        } else if pages >= Self.checkpointPages {
            checkpoint(.passive)
        }
    }

    private func checkpoint(_ kind: Database.CheckpointMode) {
        do {
            try surroundings.index.checkpoint(kind)
        } catch {
            surroundings.notice("the index cannot be checkpointed: \(failed(error))")
        }
    }
}

extension IndexRequest {
    /// Whether the request changes rows.
    fileprivate var isWrite: Bool {
        switch self {
        case .arrivals, .attempts, .forget: true
        case .claim, .nextDue, .reportsDue, .notCopied, .administer, .flush: false
        }
    }
}
