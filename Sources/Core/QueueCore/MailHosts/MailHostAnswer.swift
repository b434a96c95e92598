public import MailCore

/// What a look-up of the hosts that take mail for a domain came to.
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
