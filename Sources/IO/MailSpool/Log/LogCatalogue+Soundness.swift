import Glibc
import NIOCore
import QueueCore

extension LogCatalogue {
    private static let pieceSize = 256 * 1_024

    /// As `content(of:)`, when every octet of it agrees with its checksums: what a disk has changed is not passed on.
    ///
    /// Reads the whole body once, which the delivery then finds in the system's memory.
    func soundContent(of message: IndexedMessage) throws(SpoolError) -> MessageContent {
        var content = try content(of: message)
        do throws(FileError) {
            guard let name = name(of: message.place.segment) else { return content }
            let path = path(of: name)
            guard let record = try SegmentReader(name, path: path).record(at: message.place.offset),
                record.header.id == message.id
            else { throw Self.differs(path) }
            // Read once: between two readings it could change.
            content.prefix = record.prefix
            guard case .file(let path, let offset, let length) = content.body else { return content }
            let checksum = try Self.checksum(of: path, from: offset, length: length)
            guard checksum == record.header.bodyChecksum else { throw Self.differs(path) }
            return content
        } catch {
            throw .file(error)
        }
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
