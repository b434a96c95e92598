import Glibc
import Synchronization

@testable import MailSpool

/// The system's calls, counted, of which a test lets some fail.
final class FaultyFileCalls: FileCalls {
    struct State {
        var writes = 0
        var syncs = 0
        /// The code with which each following call fails.
        var writeFailure: Int32?
        var syncFailure: Int32?
        /// Runs before each sync, on the thread that asks for it.
        var beforeSync: (@Sendable () -> Void)?
        var free = FreeSpace(octets: .max, inodes: .max)
    }

    private let system = SystemFileCalls()
    private let state = Mutex(State())

    func set(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
    }

    var syncs: Int { state.withLock { $0.syncs } }

    func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile, at offset: UInt64) throws(FileError) {
        let failure = state.withLock { state in
            state.writes += 1
            return state.writeFailure
        }
        guard let failure else { return try system.write(bytes, to: file, at: offset) }
        // Half of it is written all the same, as a disk that fills up does it.
        try system.write(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), to: file, at: offset)
        throw FileError("write", file.path, code: failure)
    }

    func synchronize(_ file: OpenFile) throws(FileError) {
        let (failure, before) = state.withLock { state in
            state.syncs += 1
            return (state.syncFailure, state.beforeSync)
        }
        before?()
        if let failure { throw FileError("fdatasync", file.path, code: failure) }
        try system.synchronize(file)
    }

    func truncate(_ file: OpenFile, to length: UInt64) throws(FileError) {
        try system.truncate(file, to: length)
    }

    func freeSpace(at path: String) throws(FileError) -> FreeSpace {
        state.withLock { $0.free }
    }
}
