import Foundation

/// A socket of the loopback that listens on a port that the system picked.
public struct LoopbackListener: Sendable {
    private let descriptor: Int32
    let port: Int

    /// - Parameter wanted: the port; 0 for one that the system picks.
    init(port wanted: Int = 0) throws {
        (descriptor, port) = try loopbackSocket(SOCK_STREAM, port: wanted)
        guard listen(descriptor, 128) == 0 else {
            let code = POSIXErrorCode(rawValue: errno) ?? .EIO
            Glibc.close(descriptor)
            throw POSIXError(code)
        }
    }

    /// A port that nobody listens on, for a program that cannot pick one itself: below those that the system picks, so
    /// that nobody gets it meanwhile.
    public static func freePort() throws -> Int {
        let range = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let end = range.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } ?? 32_768
        for _ in 0..<100 {
            guard let listener = try? LoopbackListener(port: .random(in: 10_000..<end)) else { continue }
            defer { listener.close() }
            return listener.port
        }
        throw POSIXError(.EADDRINUSE)
    }

    /// The next connection, for which it waits; nil once the listener is shut down.
    func accept() -> Int32? {
        while true {
            let connection = Glibc.accept(descriptor, nil, nil)
            if connection >= 0 { return connection }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    /// Takes no more connections and ends who waits for one.
    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() { Glibc.close(descriptor) }
}
