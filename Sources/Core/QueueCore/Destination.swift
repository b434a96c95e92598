public import MailCore

/// Where a message goes next, when that is not a mailbox of this server: the unit that schedules, limits and failures
/// are about.
public enum Destination: Hashable, Sendable, CustomStringConvertible {
    /// What is spoken there.
    public enum Transfer: String, Hashable, Sendable {
        case smtp
        /// SMTP with TLS from the first octet on (RFC 8314 §3).
        case smtps
        case lmtp
    }

    /// The hosts that DNS names for a domain (RFC 5321 §5.1).
    case mx(Domain, port: Int)
    /// One host by its name or address (without brackets), without a look at MX records.
    case host(String, port: Int, Transfer)
    /// A UNIX socket on this machine.
    case socket(path: String, Transfer)
    /// A program that reads the message from its standard input.
    case program(path: String, arguments: [String])

    /// Whether an attempt may begin while the answer to the one before it is awaited (RFC 2920 §3.1).
    var isPipelined: Bool {
        switch self {
        case .mx: true
        case .host(_, _, let transfer), .socket(_, let transfer): transfer != .lmtp
        case .program: false
        }
    }

    public var description: String {
        switch self {
        case .mx(let domain, 25): "mx:\(domain)"
        case .mx(let domain, let port): "mx:\(domain):\(port)"
        case .host(let name, let port, let transfer): "\(transfer.rawValue)://\(Self.bracketed(name)):\(port)"
        case .socket(let path, let transfer): "\(transfer.rawValue):\(path)"
        case .program(let path, _): "pipe:\(path)"
        }
    }

    /// An IPv6 address as it stands before a port (RFC 3986 §3.2.2).
    private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
