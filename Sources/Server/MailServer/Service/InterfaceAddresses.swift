import Glibc
package import MailCore

/// The addresses of this machine.
package enum InterfaceAddresses {
    /// Those of all its interfaces, the loopback's included; none where the system does not tell.
    package static var all: [IPAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        return sequence(first: first) { $0?.pointee.ifa_next }
            .compactMap { $0?.pointee.ifa_addr.flatMap(address) }
    }

    private static func address(_ socketAddress: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let raw = UnsafeRawPointer(socketAddress)
        switch Int32(socketAddress.pointee.sa_family) {
        case AF_INET:
            let address = raw.load(as: sockaddr_in.self).sin_addr.s_addr
            return .v4(IPv4Address(bits: UInt32(bigEndian: address)))
        case AF_INET6:
            let octets = raw.load(as: sockaddr_in6.self).sin6_addr
            let bits = withUnsafeBytes(of: octets) { $0.reduce(0) { $0 << 8 | UInt128($1) } }
            return .v6(IPv6Address(bits: bits))
        default: return nil
        }
    }
}
