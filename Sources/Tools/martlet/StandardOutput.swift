import ArgumentParser
import FoundationEssentials
import Glibc

/// The answer itself, where it is not text.
enum StandardOutput {
    /// - Throws: the end of the command, without a word if nobody reads any more.
    static func write(_ octets: Data) throws {
        var rest = octets[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExitCode(ExitStatus.inputOutput.rawValue) }
            rest = rest.dropFirst(count)
        }
    }
}
