public import Foundation

/// A connection to a server on the loopback over which a test says exactly what it wants, and nothing else.
public final class RawConnection {
    private let descriptor: Int32
    private var received = Data()
    private var hasEnded = false
    private var isOpen = true

    /// - Parameter source: the address of the loopback it comes from.
    public init(port: Int, from source: String = "127.0.0.1") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard try Self.call(bind, descriptor, source, 0) && Self.call(connect, descriptor, "127.0.0.1", port) else {
            // `deinit` runs now, and closes it.
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    deinit { close() }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ descriptor: Int32, _ host: String,
        _ port: Int
    ) throws -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Sends octets as they are. What the server does not take is lost.
    public func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Sends many octets, in as many segments as the system likes, until the server takes no more.
    ///
    /// - Returns: whether it took them all.
    @discardableResult
    public func send(_ bytes: Data) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                if count <= 0 { return false }
                sent += count
            }
            return true
        }
    }

    /// Sends octets one by one, each in a segment of its own.
    public func sendOctetByOctet(_ bytes: Data) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        for byte in bytes { send(Data([byte])) }
    }

    /// Whether the server has closed its side.
    public var isEnded: Bool {
        receive()
        return hasEnded
    }

    /// Sends a command and returns the reply.
    public func ask(_ command: String, isolation: isolated (any Actor)? = #isolation) async throws -> String {
        send(command + "\r\n")
        return try await reply()
    }

    /// The next reply, its lines joined by LF.
    public func reply(isolation: isolated (any Actor)? = #isolation) async throws -> String {
        try await eventually("a reply") {
            self.receive()
            return self.takeReply()
        }
    }

    /// The next reply, or nil if the server closes before there is one.
    public func replyBeforeEnd(isolation: isolated (any Actor)? = #isolation) async throws -> String? {
        try await eventually("a reply, or the end of the connection") { () -> String?? in
            self.receive()
            if let reply = self.takeReply() { return reply }
            return self.hasEnded ? .some(nil) : nil
        }
    }

    /// Everything that comes until the server closes, as far as it is no reply that was taken before.
    public func rest(isolation: isolated (any Actor)? = #isolation) async throws -> String {
        try await eventually("the end of the connection") {
            self.receive()
            return self.hasEnded ? String(decoding: self.received, as: UTF8.self) : nil
        }
    }

    /// Says that nothing more will be sent; replies can still be read.
    public func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    public func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    /// Is gone with a reset in place of an end.
    public func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Is gone without a word to the server, as when a cable is cut or a computer fails. Takes root.
    ///
    /// - Returns: whether the system can do so.
    public func vanish() -> Bool {
        // TCP_QUICKACK, for the server shall miss nothing yet; TCP_REPAIR, under which a close sends nothing.
        var on: Int32 = 1
        let canVanish = [12, 19].allSatisfy {
            setsockopt(descriptor, Int32(IPPROTO_TCP), $0, &on, socklen_t(MemoryLayout<Int32>.size)) == 0
        }
        close()
        return canVanish
    }

    private func takeReply() -> String? {
        var lines: [String] = []
        var rest = received[...]
        while let end = rest.range(of: Data("\r\n".utf8)) {
            let line = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            rest = rest[end.upperBound...]
            lines.append(line)
            if line.dropFirst(3).first != "-" {
                received = Data(rest)
                return lines.joined(separator: "\n")
            }
        }
        return nil
    }

    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        while !hasEnded {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 2) > 0 else { return }
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                received.append(contentsOf: buffer[..<count])
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                hasEnded = true
            } else {
                return
            }
        }
    }
}

extension RawConnection {
    /// The next line, whatever it is: to this side as the server, a command.
    public func line(isolation: isolated (any Actor)? = #isolation) async throws -> String {
        try await eventually("a line") {
            self.receive()
            guard let end = self.received.range(of: Data("\r\n".utf8)) else { return nil }
            let line = String(decoding: self.received[..<end.lowerBound], as: UTF8.self)
            self.received = Data(self.received[end.upperBound...])
            return line
        }
    }

    /// The lines before one that says just this.
    public func lines(upTo end: String, isolation: isolated (any Actor)? = #isolation) async throws -> String {
        var lines: [String] = []
        while true {
            let line = try await line()
            if line == end { return lines.joined(separator: "\r\n") }
            lines.append(line)
        }
    }
}
