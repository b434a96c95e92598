import Glibc
import QueueCore

/// A failed system call.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    public let operation: String
    public let path: String
    /// `errno`.
    public let code: Int32

    public init(_ operation: String, _ path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The error that `errno` tells now.
    static func last(_ operation: String, _ path: String) -> FileError {
        FileError(operation, path, code: errno)
    }

    /// Whether the disk or the user's share of it is used up.
    var isFull: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether this user may not do it.
    public var isDenied: Bool { code == EACCES || code == EPERM }

    /// Whether a file could not be opened because too many are open. Nothing was written or synced, so nothing is in
    /// doubt, and it passes.
    var isOutOfDescriptors: Bool { operation == "open" && (code == EMFILE || code == ENFILE) }

    /// What a sender is told where the error leaves no doubt about what is on disk.
    var asRefusal: SinkError { isFull ? .full : .failed(description) }

    public var description: String {
        "\(operation) \(path): \(String(cString: strerror(code)))"
    }
}
