import Foundation

/// A connected socket that is read in lines and octets, and blocks.
final class SessionSocket: @unchecked Sendable {
    private let descriptor: Int32
    /// Only the session's own thread touches it.
    private var received = Data()

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The next line, with its end; nil when the client has closed.
    func line() -> Data? {
        while true {
            if let end = received.firstIndex(of: 10) { return take(end + 1 - received.startIndex) }
            guard receive() else { return nil }
        }
    }

    func octets(_ count: Int) -> Data? {
        while received.count < count {
            guard receive() else { return nil }
        }
        return take(count)
    }

    /// Sends the text; what the client does not take is lost.
    ///
    /// - Returns: whether the system took it all.
    @discardableResult
    func send(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Says that nothing more will come, and reads until the client has closed too, so that it can read what was said.
    func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
        while receive() { received.removeAll() }
    }

    /// Cuts both ways, even where another program has inherited the descriptor.
    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() {
        shutDown()
        Glibc.close(descriptor)
    }

    private func take(_ count: Int) -> Data {
        let taken = Data(received.prefix(count))
        received = Data(received.dropFirst(count))
        return taken
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received.append(contentsOf: buffer[..<count])
        return true
    }
}
