import Glibc
import MailCore
import SMTPServer

/// The sockets that the service manager has opened for this process (sd_listen_fds(3)), so that it needs no privilege
/// for ports below 1024. A listener takes the one that is bound to its address.
struct InheritedSockets: Sendable {
    typealias Endpoint = SMTPListenerConfiguration.Endpoint

    private static let first: Int32 = 3
    private static let most: Int32 = 100

    private let descriptors: [Endpoint: Int32]
    /// What is no socket of the Internet protocols, or has the same address as one before.
    private let others: [Int32]

    /// - Parameter process: whom the variables must name, for they may have come down from another.
    init(
        environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }, process: Int32 = getpid(),
        first: Int32 = Self.first
    ) {
        var (descriptors, others): ([Endpoint: Int32], [Int32]) = ([:], [])
        let count = environment("LISTEN_PID").flatMap { Int32($0) } == process ? environment("LISTEN_FDS") : nil
        for descriptor in first..<first + max(0, min(count.flatMap { Int32($0) } ?? 0, Self.most)) {
            // Programs that are started from here must not have them.
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            if let endpoint = Self.endpoint(of: descriptor), descriptors[endpoint] == nil {
                descriptors[endpoint] = descriptor
            } else {
                others.append(descriptor)
            }
        }
        (self.descriptors, self.others) = (descriptors, others)
    }

    /// The socket that is bound there; nil where a listener has to make its own.
    func descriptor(at endpoint: Endpoint) -> Int32? { descriptors[endpoint] }

    /// Closes those that no listener takes, on which clients would wait in vain.
    ///
    /// - Returns: where they are bound.
    func closeUnused(by listeners: some Sequence<Endpoint>) -> [String] {
        let unused = descriptors.filter { !listeners.contains($0.key) }
        for descriptor in unused.values + others { close(descriptor) }
        return unused.keys.map(\.description).sorted() + others.map { "descriptor \($0)" }
    }

    private static func endpoint(of descriptor: Int32) -> Endpoint? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        let family = Int32(address.ss_family)
        return withUnsafeBytes(of: &address) { bytes in
            switch family {
            case AF_INET:
                let place = bytes.loadUnaligned(as: sockaddr_in.self)
                let host = IPv4Address(bits: UInt32(bigEndian: place.sin_addr.s_addr))
                return .ip(.v4(host), port: Int(UInt16(bigEndian: place.sin_port)))
            case AF_INET6:
                let place = bytes.loadUnaligned(as: sockaddr_in6.self)
                return host(place.sin6_addr).map { .ip($0, port: Int(UInt16(bigEndian: place.sin6_port))) }
            default: return nil
            }
        }
    }

    private static func host(_ address: in6_addr) -> IPAddress? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten = withUnsafePointer(to: address) { inet_ntop(AF_INET6, $0, &text, socklen_t(text.count)) != nil }
        guard isWritten else { return nil }
        return IPv6Address(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)).map(IPAddress.v6)
    }
}
