import MailCore

extension IPAddress {
    /// Whether the address is none of a host in the public Internet: the registries of RFC 6890 and RFC 5735, multicast,
    /// and the forms of IPv6 that carry an IPv4 address, whatever that is.
    var isSpecialPurpose: Bool {
        Self.specialPurposeNetworks.contains { $0.contains(self) }
    }

    private static let specialPurposeNetworks: [IPNetwork] = [
        v4(0, 0, 0, 0, 8),  // this network (RFC 791 §3.2)
        v4(10, 0, 0, 0, 8),  // private (RFC 1918)
        v4(100, 64, 0, 0, 10),  // shared by carriers (RFC 6598)
        v4(127, 0, 0, 0, 8),  // loopback (RFC 1122 §3.2.1.3)
        v4(169, 254, 0, 0, 16),  // link-local (RFC 3927)
        v4(172, 16, 0, 0, 12),  // private (RFC 1918)
        v4(192, 0, 0, 0, 24),  // protocol assignments (RFC 6890 §2.1)
        v4(192, 0, 2, 0, 24),  // documentation (RFC 5737)
        v4(192, 88, 99, 0, 24),  // 6to4 relays (RFC 7526)
        v4(192, 168, 0, 0, 16),  // private (RFC 1918)
        v4(198, 18, 0, 0, 15),  // benchmarks (RFC 2544)
        v4(198, 51, 100, 0, 24),  // documentation (RFC 5737)
        v4(203, 0, 113, 0, 24),  // documentation (RFC 5737)
        v4(224, 0, 0, 0, 4),  // multicast (RFC 5771)
        v4(240, 0, 0, 0, 4),  // reserved, broadcast (RFC 1112 §4)
        v6(0, 8),  // unspecified, loopback, IPv4-compatible and IPv4-mapped (RFC 4291 §2.5)
        v6(0x0064_FF9B, 32),  // NAT64, both prefixes (RFC 6052, RFC 8215)
        v6(0x0100_0000, 16),  // discard-only and the like (RFC 6666)
        v6(0x2001_0000, 23),  // protocol assignments with Teredo and ORCHID (RFC 2928)
        v6(0x2001_0DB8, 32),  // documentation (RFC 3849)
        v6(0x2002_0000, 16),  // 6to4 (RFC 3056)
        v6(0x3FFF_0000, 20),  // documentation (RFC 9637)
        v6(0x5F00_0000, 16),  // segment routing (RFC 9602)
        v6(0xFC00_0000, 7),  // unique local (RFC 4193)
        v6(0xFE00_0000, 8),  // link-local and site-local (RFC 4291 §2.5.6, RFC 3879)
        v6(0xFF00_0000, 8),  // multicast (RFC 4291 §2.7)
    ]

    private static func v4(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ prefixLength: Int) -> IPNetwork {
        IPNetwork(
            containing: .v4(IPv4Address(bits: a << 24 | b << 16 | c << 8 | d)), prefixLength: prefixLength)
    }

    /// - Parameter head: the first two groups.
    private static func v6(_ head: UInt32, _ prefixLength: Int) -> IPNetwork {
        IPNetwork(containing: .v6(IPv6Address(bits: UInt128(head) << 96)), prefixLength: prefixLength)
    }
}
