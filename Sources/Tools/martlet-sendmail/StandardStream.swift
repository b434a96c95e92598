import Glibc

/// Standard input, output and error.
enum StandardStream {
    private static let pieceLength = 64 * 1_024

    /// Gives a caller's closed streams a place, so that no file of ours takes their number and a complaint ends in it.
    static func fillGaps() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
    }

    /// Drops what this process, or the program that it becomes, writes to standard output.
    static func silenceOutput() {
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard nowhere >= 0 else { return }
        dup2(nowhere, STDOUT_FILENO)
        close(nowhere)
    }

    /// What comes next on standard input; nil at its end.
    static func read() throws(SendmailFailure) -> [UInt8]? {
        var failure: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: pieceLength) { space, count in
            count = 0
            while true {
                let taken = Glibc.read(STDIN_FILENO, space.baseAddress, space.count)
                if taken < 0, errno == EINTR { continue }
                if taken < 0 { failure = errno }
                count = max(0, taken)
                return
            }
        }
        guard failure == 0 else {
            throw SendmailFailure(.inputOutput, "standard input cannot be read: \(String(cString: strerror(failure)))")
        }
        return piece.isEmpty ? nil : piece
    }

    static func write(_ octets: [UInt8]) {
        var written = 0
        while written < octets.count {
            let count = octets.withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress?.advanced(by: written), octets.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            written += count
        }
    }

    static func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// One line on standard error. What callers wrote must not command the terminal.
    static func complain(_ text: String) {
        let line = "sendmail: \(text)".utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 } + [0x0A]
        _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
