import ArgumentParser
import FoundationEssentials
import Glibc
import Synchronization

/// The answer itself, and whether all of it could be written.
enum StandardOutput {
    /// The number of the first error in writing; 0 for none.
    private static let failure = Atomic<Int32>(0)

    /// - Throws: the end of the command, without a word if nobody reads any more.
    static func write(_ octets: Data) throws {
        var rest = octets[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failed(errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// - Throws: the end of a command of whose output some was lost, not just left unread.
    static func finish() throws {
        if ![0, EPIPE].contains(failure.load(ordering: .relaxed)) { throw ExitCode(ExitStatus.inputOutput.rawValue) }
    }

    /// Says once why nothing can be written, unless it is that nobody reads any more.
    private static func failed(_ error: Int32) -> ExitCode {
        let isFirst = failure.compareExchange(expected: 0, desired: error, ordering: .relaxed).exchanged
        guard isFirst, error != EPIPE else { return ExitCode(ExitStatus.inputOutput.rawValue) }
        return ExitStatus.inputOutput.failing("standard output cannot be written: \(String(cString: strerror(error)))")
    }
}
