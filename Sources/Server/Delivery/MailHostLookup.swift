public import MailCore

/// Finds the hosts that take mail for a domain.
public protocol MailHostLookup: Sendable {
    /// The hosts for a domain by RFC 5321 §5.1: MX in order of preference, equals shuffled, else the domain's own
    /// addresses.
    func hosts(for domain: Domain) async -> MailHostAnswer

    /// The addresses of one host, named by a route.
    func addresses(of name: String) async -> MailHostAnswer
}

/// What a look-up came to.
public enum MailHostAnswer: Hashable, Sendable {
    /// In the order in which they are to be tried; each has an address.
    case hosts([MailHostCandidate])
    /// The domain says that it takes no mail (RFC 7505).
    case nullMX
    /// There is no such domain, or nobody in it takes mail; looking again will not help.
    case none(String)
    /// We are among the hosts, and nobody is preferred to us (RFC 5321 §5.1).
    case ourselves
    /// DNS could not tell for now.
    case later(String)
}

/// A host, and where it is.
public struct MailHostCandidate: Hashable, Sendable {
    public let name: String
    public let addresses: [IPAddress]

    public init(name: String, addresses: [IPAddress]) {
        self.name = name
        self.addresses = addresses
    }
}
