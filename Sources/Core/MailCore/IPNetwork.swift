/// A range of addresses in CIDR notation: `192.0.2.0/24`, `2001:db8::/32`, or one address.
public struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    public let address: IPAddress
    /// How many leading bits count.
    public let prefixLength: Int

    /// - Throws: `AddressError` naming what is wrong with `text`; a network with host bits set is refused.
    public init(_ text: String) throws(AddressError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { throw AddressError("\(text) is no IP network") }
        let width = Self.width(of: address)
        var length = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy(\.isASCIIDigit), let given = Int(parts[1]), given <= width else {
                throw AddressError("\(text): the prefix length must be from 0 to \(width)")
            }
            length = given
        }
        self.init(containing: address, prefixLength: length)
        guard self.address == address else {
            throw AddressError("\(text) has bits behind the prefix; did you mean \(self)?")
        }
    }

    /// The network of `prefixLength` bits that `address` lies in.
    public init(containing address: IPAddress, prefixLength: Int) {
        self.prefixLength = min(prefixLength, Self.width(of: address))
        switch address {
        case .v4(let v4):
            let shift = UInt32(32 - self.prefixLength)
            self.address = .v4(IPv4Address(bits: shift == 32 ? 0 : (v4.bits >> shift) << shift))
        case .v6(let v6):
            let shift = UInt128(128 - self.prefixLength)
            self.address = .v6(IPv6Address(bits: shift == 128 ? 0 : (v6.bits >> shift) << shift))
        }
    }

    public func contains(_ other: IPAddress) -> Bool {
        switch (address, other) {
        case (.v4, .v4), (.v6, .v6): IPNetwork(containing: other, prefixLength: prefixLength).address == address
        default: false
        }
    }

    public var description: String { "\(address)/\(prefixLength)" }

    private static func width(of address: IPAddress) -> Int {
        if case .v4 = address { 32 } else { 128 }
    }
}
