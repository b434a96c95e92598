import GRDB
import Glibc
import MailCore
import NIOCore

/// Deleting what nobody needs any more. On the index's thread, after the transaction that says so is on disk.
extension IndexWriter {
    func clear(after effect: IndexBatch.Effect) {
        do throws(FileError) {
            for message in effect.finished where message.bodyIsFile {
                try surroundings.folder.remove(surroundings.folder.body(of: message.id))
            }
            try removeEmptySegments()
        } catch {
            surroundings.notice("the spool cannot be cleared: \(error)")
        }
        copyForward()
    }

    /// Deletes the segments before the current one in which nothing lives.
    func removeEmptySegments() throws(FileError) {
        for number in surroundings.catalogue.numbers where number < end.segment && use.isEmpty(number) {
            lengths[number] = nil
            try surroundings.catalogue.remove(number)
        }
    }

    /// Octets that are read and copied at a time.
    private static let copySize = 4 << 20

    /// Copies what lives in an old segment to the end of the log, some of it at a time. The rows follow when the copies
    /// are durable; until then the messages are not given out.
    private func copyForward() {
        guard moving.isEmpty, let segment = segmentToCopy() else { return }
        do {
            let messages = try surroundings.index.pool.read { db in try QueueIndex.messages(in: segment, db) }
            guard !messages.contains(where: { surroundings.inFlight.contains($0.id) }) else { return }
            var size: UInt64 = 0
            for message in messages where size < Self.copySize {
                size += message.recordLength
                try copy(message)
            }
        } catch {
            uncopyable.insert(segment)
            surroundings.notice("segment \(segment) of the log cannot be copied: \(error)")
        }
    }

    private func segmentToCopy() -> UInt64? {
        var closed: [CopyPolicy.Segment] = []
        for number in surroundings.catalogue.numbers where number < end.segment && !uncopyable.contains(number) {
            guard let live = use.live[number], let length = length(of: number) else { continue }
            closed.append(CopyPolicy.Segment(number: number, length: length, live: live.octets))
        }
        return surroundings.settings.copying.choice(among: closed, current: end.segment)?.number
    }

    private func length(of segment: UInt64) -> UInt64? {
        if let length = lengths[segment] { return length }
        guard let path = surroundings.catalogue.path(of: segment) else { return nil }
        let length = try? OpenFile(path, flags: O_RDONLY).length()
        lengths[segment] = length
        return length
    }

    private func copy(_ message: IndexedMessage) throws {
        guard let name = surroundings.catalogue.name(of: message.place.segment) else { return }
        let reader = try SegmentReader(name, path: surroundings.catalogue.path(of: name))
        guard let record = try reader.record(at: message.place.offset), let body = try reader.body(of: record) else {
            throw SpoolError.index("the record of \(message.id) is damaged")
        }
        let copy = try PendingRecord(
            id: message.id, arrived: message.arrived, envelope: record.envelope, prefix: record.prefix,
            body: message.bodyIsFile ? .file(length: message.bodyLength) : .memory(body),
            bodyChecksum: record.header.bodyChecksum, origin: record.origin, isCopy: true
        ) { [weak self] result in
            if case .failure = result { self?.add(.notCopied(message.id)) }
        }
        moving.insert(message.id)
        surroundings.copy(copy)
    }
}
