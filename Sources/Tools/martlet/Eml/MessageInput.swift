import Glibc
import MailMIME

/// Reads what a command is given: files by name, or standard input.
enum MessageInput {
    /// How large a message may be that is read into memory, in octets. Larger ones are mapped.
    private static let largestInMemory = 1 << 22
    /// How large the value of a field, an address or a report may be.
    private static let largestValue = 1 << 30

    /// - Parameter path: a file's name, or `-` for standard input.
    static func message(_ path: String) throws -> ParsedMessage {
        try withFile(path) { file in
            var status = stat()
            if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > largestInMemory,
                lseek(file, 0, SEEK_CUR) == 0
            {
                return try mapped(file, Int(status.st_size), path)
            }
            let bytes = try read(file, atMost: largestInMemory + 1, path)
            guard bytes.count > largestInMemory else { return MessageParser.parse(bytes) }
            return try spilled(bytes, file, path)
        }
    }

    /// - Parameter path: a file's name, or `-` for standard input.
    static func read(_ path: String) throws -> [UInt8] {
        let bytes = try withFile(path) { try read($0, atMost: largestValue + 1, path) }
        guard bytes.count <= largestValue else {
            throw ExitStatus.data.failing("\(path) is larger than 1 GiB, which is the most that is read")
        }
        return bytes
    }

    static func reason() -> String { String(cString: strerror(errno)) }

    private static func withFile<Result>(_ path: String, _ body: (CInt) throws -> Result) throws -> Result {
        let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path) }
        defer { if path != "-" { close(file) } }
        return try body(file)
    }

    private static func read(_ file: CInt, atMost most: Int, _ path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var status = stat()
        if fstat(file, &status) == 0, status.st_size > 0 { bytes.reserveCapacity(min(Int(status.st_size), most)) }
        var piece = [UInt8](repeating: 0, count: min(1 << 18, max(Int(status.st_size) + 1, 1 << 13)))
        while bytes.count < most {
            let count = Glibc.read(file, &piece, min(piece.count, most - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        return bytes
    }

    private static func mapped(_ file: CInt, _ size: Int, _ path: String) throws -> ParsedMessage {
        guard let region = MappedFile(file, size: size) else { throw unreadable(path) }
        return MessageParser.parse(region)
    }

    /// Maps what comes from a pipe, by way of a file that has no name.
    private static func spilled(_ begin: [UInt8], _ file: CInt, _ path: String) throws -> ParsedMessage {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
        var name = Array("\(folder)/martlet-eml-XXXXXX".utf8CString)
        let copy = mkstemp(&name)
        guard copy >= 0 else {
            throw ExitStatus.inputOutput.failing("\(folder) takes no temporary file: \(reason()); set TMPDIR")
        }
        defer { close(copy) }
        unlink(name)
        var (piece, size) = (begin, 0)
        while !piece.isEmpty {
            guard write(copy, piece, piece.count) == piece.count else {
                throw ExitStatus.inputOutput.failing("\(folder) cannot take \(path): \(reason()); set TMPDIR")
            }
            size += piece.count
            piece = try read(file, atMost: 1 << 18, path)
        }
        return try mapped(copy, size, path)
    }

    private static func unreadable(_ path: String) -> any Error {
        ExitStatus.noInput.failing("\(path) cannot be read: \(reason())")
    }
}
