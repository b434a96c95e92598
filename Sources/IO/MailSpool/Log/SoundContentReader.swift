import Glibc
import NIOCore
import QueueCore

/// Reads messages of which every octet agrees with its checksums: what a disk has changed is not passed on. It keeps the
/// segment open that it read last, and so is for one round of reading.
struct SoundContentReader {
    /// Bodies up to this length are given in memory, those of others as the file in which they lie.
    private static let longestInMemory: UInt64 = 64 * 1_024
    private static let pieceSize = 256 * 1_024

    private let catalogue: LogCatalogue
    private var last: (segment: UInt64, reader: SegmentReader)?

    init(_ catalogue: LogCatalogue) {
        self.catalogue = catalogue
    }

    /// As `LogCatalogue.content(of:)`. Reads the whole body once, which the delivery of a long one then finds in the
    /// system's memory.
    mutating func content(of message: IndexedMessage) throws(SpoolError) -> MessageContent {
        guard let name = catalogue.name(of: message.place.segment) else {
            throw .index("segment \(message.place.segment) of the log is gone")
        }
        do throws(FileError) {
            let reader = try reader(name, message.place.segment)
            guard let record = try reader.record(at: message.place.offset), record.header.id == message.id else {
                throw Self.differs(catalogue.path(of: name))
            }
            return MessageContent(prefix: record.prefix, body: try body(of: record, message, reader, name))
        } catch {
            throw .file(error)
        }
    }

    private mutating func reader(_ name: SegmentName, _ segment: UInt64) throws(FileError) -> SegmentReader {
        if let last, last.segment == segment { return last.reader }
        let reader = try SegmentReader(name, path: catalogue.path(of: name))
        last = (segment, reader)
        return reader
    }

    private func body(
        of record: SegmentReader.Record, _ message: IndexedMessage, _ reader: SegmentReader, _ name: SegmentName
    ) throws(FileError) -> MessageContent.Body {
        let log = catalogue.path(of: name)
        if !message.bodyIsFile, message.bodyLength <= Self.longestInMemory {
            guard let body = try reader.body(of: record) else { throw Self.differs(log) }
            return .memory(body)
        }
        let (path, offset) = message.bodyIsFile ? (catalogue.folder.body(of: message.id), 0) : (log, message.bodyOffset)
        let checksum = try Self.checksum(of: path, from: offset, length: message.bodyLength)
        guard checksum == record.header.bodyChecksum else { throw Self.differs(path) }
        return .file(path: path, offset: offset, length: message.bodyLength)
    }

    private static func checksum(of path: String, from start: UInt64, length: UInt64) throws(FileError) -> UInt32 {
        let file = try OpenFile(path, flags: O_RDONLY)
        var checksum = Checksum()
        var offset = start
        while offset < start + length {
            let piece = try file.read(Int(min(UInt64(pieceSize), start + length - offset)), at: offset)
            guard piece.readableBytes > 0 else { throw differs(path) }
            checksum.add(piece)
            offset += UInt64(piece.readableBytes)
        }
        return checksum.value
    }

    private static func differs(_ path: String) -> FileError {
        FileError("compare with its checksum", path, code: EBADMSG)
    }
}
