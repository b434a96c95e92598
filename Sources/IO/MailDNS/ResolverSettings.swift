/// Whom a resolver asks, and for how long.
public struct ResolverSettings: Hashable, Sendable {
    public enum Upstream: Hashable, Sendable {
        /// The resolvers of the system, as `/etc/resolv.conf` names them at the start.
        case system
        /// These resolvers.
        case servers([NameServer])
        /// Nobody: the resolver itself goes from the root servers down.
        case recursion
    }

    /// A key that a chain of DNSSEC signatures may end at.
    public enum TrustAnchor: Hashable, Sendable {
        /// A file of DS or DNSKEY records in the form of a zone.
        case file(String)
        /// A DS or DNSKEY record in that form.
        case record(String)
    }

    public var upstream: Upstream
    /// How long one question may take.
    public var timeout: Duration
    /// Without one, nothing is validated.
    public var trustAnchors: [TrustAnchor]
    /// The most aliases (CNAME) in a row.
    public var aliases: Int

    public init(
        upstream: Upstream = .system, timeout: Duration = .seconds(10), trustAnchors: [TrustAnchor] = [],
        aliases: Int = 8
    ) {
        self.upstream = upstream
        self.timeout = timeout
        self.trustAnchors = trustAnchors
        self.aliases = aliases
    }
}
