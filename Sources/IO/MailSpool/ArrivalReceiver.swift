import MailCore
import QueueCore
import Synchronization

/// Hands messages over to delivery and to the index the moment they are durable, with the body still in memory.
final class ArrivalReceiver: Sendable {
    /// A function in a box: each time a bare one is read out of a generic `Mutex` it is wrapped once more.
    private struct Receiver {
        let take: @Sendable ([QueuedMessage]) -> Int
    }

    private let folder: SpoolFolder
    private let inFlight: InFlight
    private let receiver = Mutex<Receiver?>(nil)

    init(folder: SpoolFolder, inFlight: InFlight) {
        self.folder = folder
        self.inFlight = inFlight
    }

    func set(_ take: @escaping @Sendable ([QueuedMessage]) -> Int) {
        receiver.withLock { $0 = Receiver(take: take) }
    }

    /// Has a group of the log indexed. On the log's thread.
    func index(_ records: [PendingRecord], _ places: [LogPlace], with index: IndexWriter?) {
        // In flight before the index knows them, so that no claim can come between.
        if receiver.withLock({ $0 }) != nil {
            inFlight.add(
                arrived: Self.arrivals(in: records).lazy.map { ($0.header.id, $0.envelope.recipients.count) })
        }
        index?.add(
            arrivals: zip(records, places).map { record, place in
                LoggedRecord(header: record.header, envelope: record.envelope, origin: record.origin, place: place)
            })
    }

    /// Gives a group to the receiver. On the log's thread.
    func handOver(_ records: [PendingRecord]) {
        let arrivals = Self.arrivals(in: records)
        guard let receiver = receiver.withLock({ $0 }), !arrivals.isEmpty else { return }
        let taken = receiver.take(arrivals.map(queued))
        if taken < arrivals.count { inFlight.remove(arrivals[max(taken, 0)...].lazy.map(\.header.id)) }
    }

    /// All but copies of records that were in the log before, what is quarantined, and reports: whether one is taken in
    /// the index decides.
    private static func arrivals(in records: [PendingRecord]) -> [PendingRecord] {
        records.allSatisfy(\.isArrival) ? records : records.filter(\.isArrival)
    }

    private func queued(_ record: PendingRecord) -> QueuedMessage {
        let body: MessageContent.Body =
            record.body.map(MessageContent.Body.memory)
            ?? .file(path: folder.body(of: record.header.id), offset: 0, length: record.header.bodyLength)
        return QueuedMessage(
            id: record.header.id, arrived: record.header.arrived, reversePath: record.envelope.reversePath,
            options: record.envelope.options,
            recipients: record.envelope.recipients.enumerated().map { QueuedRecipient(number: $0, recipient: $1) },
            content: MessageContent(prefix: record.prefix, body: body))
    }
}

extension PendingRecord {
    fileprivate var isArrival: Bool {
        origin == nil && envelope.quarantine == nil && !header.flags.contains(.copy)
    }
}

/// The index's writer, which is made after the log's but must hear from it.
final class WriterPair: Sendable {
    private let writer = Mutex<IndexWriter?>(nil)

    var index: IndexWriter? { writer.withLock { $0 } }

    func set(_ index: IndexWriter) {
        writer.withLock { $0 = index }
    }
}
