extension IPAddress {
    /// The name under which DNS keeps the name of the address in a PTR record (RFC 1035 §3.5, RFC 3596 §2.5).
    public var reverseName: String {
        switch self {
        case .v4(let address):
            let octets = (0..<4).map { String(address.bits >> (8 * $0) & 255) }
            return octets.joined(separator: ".") + ".in-addr.arpa"
        case .v6(let address):
            let digits = (0..<32).map { String(address.bits >> (4 * $0) & 15, radix: 16) }
            return digits.joined(separator: ".") + ".ip6.arpa"
        }
    }
}
