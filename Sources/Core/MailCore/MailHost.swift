/// What stands behind the `@`: a domain or an address literal (RFC 5321 §4.1.3).
public enum MailHost: Hashable, Sendable, CustomStringConvertible {
    case domain(Domain)
    /// `[192.0.2.1]` or `[IPv6:2001:db8::1]`.
    case address(IPAddress)
    /// A literal of another kind, `[tag:content]`, kept as text.
    case general(tag: String, content: String)

    public var description: String {
        switch self {
        case .domain(let domain): domain.description
        case .address(.v4(let address)): "[\(address)]"
        case .address(.v6(let address)): "[IPv6:\(address)]"
        case .general(let tag, let content): "[\(tag):\(content)]"
        }
    }

    /// The domain, unless the host is a literal.
    public var domain: Domain? {
        if case .domain(let domain) = self { domain } else { nil }
    }
}
