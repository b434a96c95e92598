package import MailCore
package import MailDNS
package import QueueCore

/// What the look-up of hosts is told of the configuration.
extension ServerConfiguration {
    package var resolverSettings: ResolverSettings {
        let servers = dns.servers.map { NameServer($0.host, port: $0.port) }
        return ResolverSettings(
            upstream: dns.recursion ? .recursion : servers.isEmpty ? .system : .servers(servers), timeout: dns.timeout,
            trustAnchors: dns.dnssec ? [.file(dns.trustAnchor)] : [])
    }

    /// - Parameter interfaces: the addresses of this machine, for listeners on all of them.
    package func mailHostPolicy(interfaces: [IPAddress] = InterfaceAddresses.all) -> MailHostPolicy {
        let listeners = listeners.filter { $0.address.port == Self.smtpPort && $0.dialect == .smtp }
        let own = listeners.flatMap { listener in
            listener.address.host.isUnspecified ? interfaces : [listener.address.host]
        }
        return MailHostPolicy(
            ownNames: [hostname.description],
            ownNetworks: own.map { IPNetwork(containing: $0, prefixLength: 128) } + dns.ownNetworks,
            allowedNetworks: dns.allowNetworks)
    }

    /// Where MX records lead (RFC 5321 §2.3.5).
    private static let smtpPort: UInt16 = 25
}

extension IPAddress {
    fileprivate var isUnspecified: Bool {
        switch self {
        case .v4(let address): address.bits == 0
        case .v6(let address): address.bits == 0
        }
    }
}
