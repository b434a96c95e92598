import Glibc
import MailCore
import NIOCore

/// Compares a message with what the index says of it, octet by octet.
struct RecordCheck {
    private static let pieceSize = 1 << 20

    private let catalogue: LogCatalogue
    /// The segment that was read last: messages lie in the order of their IDs, mostly.
    private var last: (segment: UInt64, reader: SegmentReader)?

    init(_ catalogue: LogCatalogue) {
        self.catalogue = catalogue
    }

    /// What is wrong with a message; nil if nothing is.
    mutating func problem(of message: IndexedMessage) -> String? {
        do {
            guard let reader = try reader(of: message.place.segment) else { return "its segment of the log is gone" }
            guard let record = try reader.record(at: message.place.offset), record.header.id == message.id else {
                return "its record in the log is damaged"
            }
            guard record.header.agrees(with: message) else { return "its record is not the one that the index knows" }
            guard message.bodyIsFile else {
                return try reader.body(of: record) == nil ? "its body does not agree with its checksum" : nil
            }
            return try problemOfFile(of: message, record.header)
        } catch {
            return "\(error)"
        }
    }

    private mutating func reader(of segment: UInt64) throws(FileError) -> SegmentReader? {
        if let last, last.segment == segment { return last.reader }
        guard let name = catalogue.name(of: segment) else { return nil }
        let reader = try SegmentReader(name, path: catalogue.path(of: name))
        last = (segment, reader)
        return reader
    }

    private func problemOfFile(of message: IndexedMessage, _ header: RecordHeader) throws(FileError) -> String? {
        let file = try OpenFile(catalogue.folder.body(of: message.id), flags: O_RDONLY)
        guard try file.length() == message.bodyLength else { return "its body has another length" }
        var checksum = Checksum()
        var position: UInt64 = 0
        while position < message.bodyLength {
            let piece = try file.read(Self.pieceSize, at: position)
            guard piece.readableBytes > 0 else { break }
            checksum.add(piece)
            position += UInt64(piece.readableBytes)
        }
        return checksum.value == header.bodyChecksum ? nil : "its body does not agree with its checksum"
    }
}

extension RecordHeader {
    fileprivate func agrees(with message: IndexedMessage) -> Bool {
        UInt64(envelopeLength) == message.envelopeLength && UInt64(prefixLength) == message.prefixLength
            && bodyLength == message.bodyLength && flags.contains(.bodyIsFile) == message.bodyIsFile
    }
}
