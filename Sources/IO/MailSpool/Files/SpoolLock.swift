import Glibc
import NIOCore

/// The right of one process to a spool. The system takes it back when the process ends, however it ends.
final class SpoolLock: Sendable {
    private let file: OpenFile

    /// - Throws: `SpoolError.locked` with the owner's process ID.
    init(_ path: String) throws(SpoolError) {
        do {
            file = try OpenFile(path, flags: O_RDWR | O_CREAT)
        } catch {
            throw .file(error)
        }
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw .locked(processID: Self.processID(in: file))
        }
        let text = "\(getpid())\n"
        guard ftruncate(file.descriptor, 0) == 0, pwrite(file.descriptor, text, text.utf8.count, 0) > 0 else {
            throw .file(.last("write", path))
        }
    }

    func release() {
        flock(file.descriptor, LOCK_UN)
    }

    private static func processID(in file: OpenFile) -> Int32? {
        guard let text = try? file.read(20, at: 0) else { return nil }
        return Int32(String(buffer: text).split(separator: "\n").first ?? "")
    }
}
