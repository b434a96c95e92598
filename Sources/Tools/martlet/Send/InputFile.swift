import Glibc

/// A file that is read piece by piece, or standard input.
final class InputFile {
    /// The most octets that are read of what must be whole in memory.
    static let longestText = 64 << 20

    private let descriptor: Int32
    private let path: String
    /// In octets; nil for what is no regular file.
    let size: UInt64?

    /// - Parameter path: `-` for standard input.
    /// - Throws: `InputError` naming the path.
    init(_ path: String) throws {
        self.path = path == "-" ? "standard input" : path
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            size = nil
            throw Self.error(self.path)
        }
        size = status.st_mode & S_IFMT == S_IFREG ? UInt64(status.st_size) : nil
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next octets; none at the end.
    func read(upTo count: Int = 256 * 1_024) throws -> [UInt8] {
        while true {
            var result = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                result = Glibc.read(descriptor, buffer.baseAddress, count)
                filled = max(0, result)
            }
            if result >= 0 { return bytes }
            if errno != EINTR { throw Self.error(path) }
        }
    }

    /// All octets that are left.
    func readAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try read()
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= Self.longestText else {
                throw InputError(.data, "\(path) has more than \(Self.longestText >> 20) MiB, too much for a text")
            }
        }
    }

    /// - Throws: `InputError`, also where the file is not UTF-8.
    static func text(of path: String) throws -> String {
        let file = try InputFile(path)
        guard let text = String(validating: try file.readAll(), as: UTF8.self) else {
            throw InputError(.data, "\(file.path) is not UTF-8; convert it first, or attach it with --attach")
        }
        return text
    }

    /// Whether a person types at standard input.
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    private static func error(_ path: String) -> InputError {
        InputError(.noInput, "\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}
