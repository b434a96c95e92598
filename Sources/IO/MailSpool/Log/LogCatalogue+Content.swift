import Glibc
import NIOCore
import QueueCore

extension LogCatalogue {
    /// A message's prefix, and where its body lies.
    func content(of message: IndexedMessage) throws(SpoolError) -> MessageContent {
        guard let path = path(of: message.place.segment) else {
            throw .index("segment \(message.place.segment) of the log is gone")
        }
        do throws(FileError) {
            let file = try OpenFile(path, flags: O_RDONLY)
            let prefix = try file.read(Int(message.prefixLength), at: message.prefixOffset)
            guard prefix.readableBytes == Int(message.prefixLength) else {
                throw FileError("read", path, code: EIO)
            }
            let body: MessageContent.Body =
                message.bodyIsFile
                ? .file(path: folder.body(of: message.id), offset: 0, length: message.bodyLength)
                : .file(path: path, offset: message.bodyOffset, length: message.bodyLength)
            return MessageContent(prefix: prefix, body: body)
        } catch {
            throw .file(error)
        }
    }
}
