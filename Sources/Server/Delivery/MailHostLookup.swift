public import MailCore
public import QueueCore

/// Finds the hosts that take mail for a domain.
public protocol MailHostLookup: Sendable {
    /// The hosts for a domain by RFC 5321 §5.1: MX in order of preference, equals shuffled, else the domain's own
    /// addresses.
    func hosts(for domain: Domain) async -> MailHostAnswer

    /// The addresses of one host, named by a route.
    func addresses(of name: String) async -> MailHostAnswer
}
