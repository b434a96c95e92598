package import MailCore

/// What a load balancer sends before anything else, to say who is behind it: the PROXY protocol of HAProxy, versions 1
/// and 2 (proxy-protocol.txt §2.1, §2.2).
package struct ProxyHeader: Hashable, Sendable {
    /// An end of the connection that is told of.
    package struct Endpoint: Hashable, Sendable {
        package let address: IPAddress
        package let port: UInt16

        package init(_ address: IPAddress, port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    package enum Version: Int, Hashable, Sendable {
        /// A line of text.
        case one = 1
        /// Binary.
        case two = 2
    }

    private let source: Endpoint
    private let destination: Endpoint

    /// - Returns: nil where one end has IPv4 and the other IPv6.
    package init?(source: Endpoint, destination: Endpoint) {
        switch (source.address, destination.address) {
        case (.v4, .v4), (.v6, .v6): break
        case (.v4, .v6), (.v6, .v4): return nil
        }
        self.source = source
        self.destination = destination
    }

    /// As it goes on the wire.
    package func octets(_ version: Version) -> [UInt8] {
        switch version {
        case .one: Array((line + "\r\n").utf8)
        case .two: binary
        }
    }

    /// Version 1 without its line end.
    package var line: String {
        let family = isIPv6 ? "TCP6" : "TCP4"
        return "PROXY \(family) \(source.address) \(destination.address) \(source.port) \(destination.port)"
    }

    private var isIPv6: Bool {
        if case .v6 = source.address { true } else { false }
    }

    private var binary: [UInt8] {
        let content = source.address.octets + destination.address.octets + source.port.octets + destination.port.octets
        // Version 2 with the command PROXY; the family with a stream.
        return Self.signature + [0x21, isIPv6 ? 0x21 : 0x11] + UInt16(content.count).octets + content
    }

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
}

extension IPAddress {
    fileprivate var octets: [UInt8] {
        switch self {
        case .v4(let address): (0..<4).reversed().map { UInt8(truncatingIfNeeded: address.bits >> (8 * $0)) }
        case .v6(let address): (0..<16).reversed().map { UInt8(truncatingIfNeeded: address.bits >> (8 * $0)) }
        }
    }
}

extension UInt16 {
    fileprivate var octets: [UInt8] { [UInt8(self >> 8), UInt8(truncatingIfNeeded: self)] }
}
