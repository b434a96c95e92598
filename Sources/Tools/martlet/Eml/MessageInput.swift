import Glibc

/// Reads what a command is given: files by name, or standard input.
enum MessageInput {
    /// How large a message may be, in octets.
    private static let largest = 1 << 30

    /// - Parameter path: a file's name, or `-` for standard input.
    static func read(_ path: String) throws -> [UInt8] {
        let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw ExitStatus.noInput.failing("\(path) cannot be read: \(reason())") }
        defer { if path != "-" { close(file) } }
        var bytes: [UInt8] = []
        var status = stat()
        if fstat(file, &status) == 0, status.st_size > 0 { bytes.reserveCapacity(min(Int(status.st_size), largest)) }
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ExitStatus.noInput.failing("\(path) cannot be read: \(reason())") }
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= largest else {
                throw ExitStatus.data.failing("\(path) is larger than 1 GiB, which is the most that is read")
            }
        }
    }

    static func reason() -> String { String(cString: strerror(errno)) }
}
