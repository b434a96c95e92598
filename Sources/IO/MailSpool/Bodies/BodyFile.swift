import Glibc
import MailCore
import NIOCore

/// The file of a body that is too long for memory. One thread at a time uses it.
final class BodyFile: Sendable {
    private let folder: SpoolFolder
    private let calls: any FileCalls
    private let file: OpenFile

    init(of id: QueueID, in folder: SpoolFolder, calls: any FileCalls) throws(FileError) {
        self.folder = folder
        self.calls = calls
        file = try OpenFile(folder.body(of: id), flags: O_RDWR | O_CREAT | O_EXCL)
    }

    func write(_ bytes: ByteBuffer, at offset: UInt64) throws(FileError) {
        try calls.write(bytes, to: file, at: offset)
    }

    func read(_ count: Int, at offset: UInt64) throws(FileError) -> ByteBuffer {
        try file.read(count, at: offset)
    }

    /// Makes the body and its name durable.
    func synchronize() throws(FileError) {
        try calls.synchronize(file)
        try folder.synchronize(folder.bodies)
    }

    /// Deletes the file. If that fails, the next start does it.
    func remove() {
        try? folder.remove(file.path)
    }
}
