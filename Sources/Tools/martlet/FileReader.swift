import Glibc

/// Reads a file or standard input, with a limit.
final class FileReader {
    static var standardInput: FileReader { FileReader(descriptor: STDIN_FILENO, isOwned: false) }

    private let descriptor: Int32
    private let isOwned: Bool
    private var received: ArraySlice<UInt8> = []

    private init(descriptor: Int32, isOwned: Bool) {
        self.descriptor = descriptor
        self.isOwned = isOwned
    }

    /// - Returns: nil where the file cannot be opened.
    convenience init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        self.init(descriptor: descriptor, isOwned: true)
    }

    deinit { if isOwned { close(descriptor) } }

    /// All octets; nil where they cannot be read, or there are more.
    func readAll(limit: Int) -> [UInt8]? {
        while received.count <= limit {
            guard let count = receive() else { return nil }
            if count == 0 { return Array(received) }
        }
        return nil
    }

    /// The next line without its end, cut where it is longer; nil at the end.
    func line(limit: Int) -> String? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = received[..<end]
                received = received[(end + 1)...]
                return Self.text(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            }
            let count = received.count > limit ? 0 : receive() ?? 0
            if count == 0 {
                let line = received
                received = []
                return line.isEmpty ? nil : Self.text(line)
            }
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// - Returns: how many octets came, 0 at the end; nil where reading fails.
    private func receive() -> Int? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            received += buffer[..<count]
            return count
        }
    }
}
