/// Why a spool cannot be opened, read or written.
public enum SpoolError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process owns the spool; its number where it is known.
    case locked(processID: Int32?)
    /// A system call failed: what it was, on which file, and `errno`.
    case file(FileError)
    /// The index failed, in SQLite's words.
    case index(String)
    /// The index was written by a later version of this program.
    case laterVersion(Int)
    /// The log holds records of a version that this program does not know.
    case laterLogVersion(Int)
    /// The spool is closed, or stopped after a failed write.
    case stopped

    public var description: String {
        switch self {
        case .locked(let processID?): "the spool is in use by process \(processID)"
        case .locked(nil): "the spool is in use by another process"
        case .file(let error): error.description
        case .index(let text): "the index of the spool failed: \(text)"
        case .laterVersion(let version): "a later version of this program made the index, of schema \(version)"
        case .laterLogVersion(let version): "another version of this program wrote the log, of version \(version)"
        case .stopped: "the spool is stopped"
        }
    }
}
