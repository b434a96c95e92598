import GRDB
public import MailCore
import NIOCore
public import QueueCore
import Synchronization

/// The queue at rest in a folder: a log that makes messages durable in groups, and an index behind it that knows who is
/// still to get them. docs/spool.md tells what lies where and what a crash can leave.
public final class Spool: Sendable {
    /// What opening found and mended.
    public let recovery: RecoveryReport

    let index: QueueIndex
    let catalogue: LogCatalogue
    let inFlight: InFlight
    let indexWriter: IndexWriter
    let receiver: ArrivalReceiver
    let door: SpooledMessage.Door
    let now: @Sendable () -> Timestamp
    private let lock: SpoolLock
    private let space: SpaceGuard
    private let condition: SpoolCondition
    private let lastID: Mutex<QueueID>

    /// Opens a spool, or makes it, and brings it in order after a stop of any kind. It is to be closed with `close`.
    ///
    /// - Parameters:
    ///   - directory: the folder; it is made, for its owner only, if it is missing.
    ///   - now: the wall clock.
    ///   - notice: hears, in one line, of what a person should know. Called on threads of the spool.
    ///   - onFailure: called once when the spool has stopped for good, because writing failed in a way after which only
    ///     the next start can tell what is on disk. The process should end.
    /// - Throws: `.locked` if another process has it open.
    public static func open(
        directory: String, settings: SpoolSettings = SpoolSettings(), now: @escaping @Sendable () -> Timestamp,
        notice: @escaping @Sendable (String) -> Void = { _ in },
        onFailure: @escaping @Sendable (SpoolError) -> Void = { _ in }
    ) throws(SpoolError) -> Spool {
        try open(
            directory: directory, settings: settings, calls: SystemFileCalls(), now: now, notice: notice,
            onFailure: onFailure)
    }

    static func open(
        directory: String, settings: SpoolSettings, calls: any FileCalls, now: @escaping @Sendable () -> Timestamp,
        notice: @escaping @Sendable (String) -> Void = { _ in },
        onFailure: @escaping @Sendable (SpoolError) -> Void = { _ in }
    ) throws(SpoolError) -> Spool {
        do {
            let opening = try SpoolOpening(folder: SpoolFolder(directory), now: now())
            return try Spool(
                opening, settings: settings, calls: calls, now: now, notice: notice, onFailure: onFailure)
        } catch let error as SpoolError {
            throw error
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .index("\(error)")
        }
    }

    private init(
        _ opening: SpoolOpening, settings: SpoolSettings, calls: any FileCalls,
        now: @escaping @Sendable () -> Timestamp, notice: @escaping @Sendable (String) -> Void,
        onFailure: @escaping @Sendable (SpoolError) -> Void
    ) throws(FileError) {
        let folder = opening.folder
        let condition = SpoolCondition(onFailure: onFailure)
        let inFlight = InFlight()
        let receiver = ArrivalReceiver(folder: folder, inFlight: inFlight)
        let writers = WriterPair()
        let log = try LogWriter(
            folder: folder, firstSegment: opening.nextSegment, settings: settings, calls: calls,
            catalogue: opening.catalogue,
            listener: LogWriter.Listener(
                durable: { records, places in receiver.index(records, places, with: writers.index) },
                answered: { receiver.handOver($0) },
                stopped: { condition.stop(.file($0)) }))
        let indexWriter = IndexWriter(
            IndexWriter.Surroundings(
                index: opening.index, folder: folder, catalogue: opening.catalogue, inFlight: inFlight,
                settings: settings, now: now, copy: { [weak log] in log?.add($0) }, stopped: condition.stop,
                notice: notice),
            use: opening.use, end: opening.end)
        writers.set(indexWriter)
        recovery = opening.report
        index = opening.index
        catalogue = opening.catalogue
        lock = opening.lock
        lastID = Mutex(opening.lastID)
        space = SpaceGuard(path: folder.path, settings: settings, calls: calls)
        door = SpooledMessage.Door(
            folder: folder, calls: calls, budget: MemoryBudget(settings),
            bodyWriters: BodyWriters(count: settings.bodyWriters), log: log,
            stop: { [log] error in
                log.stop()
                condition.stop(.file(error))
            })
        self.inFlight = inFlight
        self.receiver = receiver
        self.indexWriter = indexWriter
        self.condition = condition
        self.now = now
        indexWriter.start()
        log.start()
    }

    /// Takes no more messages, writes what is under way, and gives the folder free. To be called once.
    public func close() {
        condition.close()
        indexWriter.prepareToClose()
        door.bodyWriters.close()
        door.log.close()
        indexWriter.close()
        try? index.checkpoint(.truncate)
        try? index.close()
        lock.release()
    }
}

extension Spool: MessageSink {
    public func open() throws(SinkError) -> any IncomingMessage {
        guard condition.isOpen else { throw .stopped }
        let now = now()
        guard space.hasRoom(at: now) else { throw .full }
        let id = lastID.withLock { last in
            last = QueueID(after: last, microseconds: UInt64(max(now.microseconds, 0)))
            return last
        }
        return SpooledMessage(queueID: id, arrived: now, door: door)
    }
}
