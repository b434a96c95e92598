import Glibc
import MailCore
public import NIOCore
import QueueCore

/// Reads a queued message from its first octet to its last. It holds the files open, so that it comes to the end even
/// if the message leaves the queue meanwhile.
public struct MessageReader: Sendable {
    private static let pieceSize = 256 * 1_024

    private var prefix: ByteBuffer?
    private let file: OpenFile
    private var offset: UInt64
    private let end: UInt64

    init(_ content: MessageContent) throws(FileError) {
        guard case .file(let path, let offset, let length) = content.body else {
            preconditionFailure("what is read from the spool lies in a file")
        }
        prefix = content.prefix
        file = try OpenFile(path, flags: O_RDONLY)
        self.offset = offset
        end = offset + length
    }

    /// The next piece; nil at the end.
    ///
    /// - Throws: `.file` also where the file is shorter than it should be.
    public mutating func next() throws(SpoolError) -> ByteBuffer? {
        if let prefix {
            self.prefix = nil
            return prefix
        }
        guard offset < end else { return nil }
        do throws(FileError) {
            let piece = try file.read(Int(min(UInt64(Self.pieceSize), end - offset)), at: offset)
            guard piece.readableBytes > 0 else { throw FileError("read", file.path, code: EIO) }
            offset += UInt64(piece.readableBytes)
            return piece
        } catch {
            throw .file(error)
        }
    }
}
