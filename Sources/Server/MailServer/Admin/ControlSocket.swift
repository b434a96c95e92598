import FoundationEssentials
import Glibc

/// The socket by which commands reach a running server: one request, a line of JSON, and answers, each a line of JSON;
/// behind that of a page stands its text.
package struct ControlSocket {
    /// The longest line of a request, in octets.
    static let requestLimit = 1 << 20

    private let descriptor: Int32

    static func path(in data: some CustomStringConvertible) -> String { "\(data)/control.sock" }

    /// Connects to the server whose data lie in `data`; nil if none runs there.
    ///
    /// - Throws: `.unreachable` if that cannot be told.
    package init?(data: some CustomStringConvertible) throws(ControlError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Self.path(in: data)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            if code == ENOENT || code == ECONNREFUSED { return nil }
            throw .unreachable(path: path, code: code)
        }
        self.descriptor = descriptor
    }

    /// Sends a request and gives the answers to `take`, up to `.end`; then closes.
    package func ask(_ request: ControlRequest, _ take: (ControlAnswer) throws -> Void) throws {
        defer { close(descriptor) }
        var line = [UInt8](try JSONEncoder().encode(request))
        line.append(UInt8(ascii: "\n"))
        guard put(line) else { throw ControlError.gone }
        var reader = ControlAnswerReader()
        while let chunk = receive() {
            reader.receive(chunk)
            while let answer = try next(&reader) {
                if case .end = answer { return }
                try take(answer)
            }
        }
        throw ControlError.gone
    }

    private func next(_ reader: inout ControlAnswerReader) throws -> ControlAnswer? {
        do {
            return try reader.next()
        } catch is DecodingError {
            throw ControlError.ofAnotherVersion
        }
    }

    private func put(_ line: [UInt8]) -> Bool {
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func receive() -> [UInt8]? {
        let chunk = [UInt8](unsafeUninitializedCapacity: 64 * 1_024) { bytes, count in
            count = max(0, read(descriptor, bytes.baseAddress, bytes.count))
        }
        return chunk.isEmpty ? nil : chunk
    }
}

/// Why a request got no answer.
package enum ControlError: Error, CustomStringConvertible {
    case gone
    case silent
    /// Its answer cannot be read.
    case ofAnotherVersion
    /// The socket cannot be used: its path and `errno`.
    case unreachable(path: String, code: Int32)

    /// Whether this user may not ask.
    package var isDenied: Bool {
        if case .unreachable(_, let code) = self { code == EACCES || code == EPERM } else { false }
    }

    package var description: String {
        switch self {
        case .gone: "the server went away before it had answered"
        case .silent: "a server or another command holds the queue, and does not answer"
        case .ofAnotherVersion: "the server that runs is of another version than this command; restart it"
        case .unreachable(let path, let code):
            "\(path): \(String(cString: strerror(code)))"
                + (isDenied ? "; the queue is for the server's user and for root" : "")
        }
    }
}
