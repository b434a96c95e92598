import QueueCore
import SMTPClient

extension ServerConfiguration {
    /// How safe the way to a destination must be. Routes that lead to one place agree about that.
    func tlsPolicy(for destination: Destination) -> TLSPolicy {
        let own =
            switch destination {
            case .mx(let domain, _): routes.first { $0.name == .domain(domain) }
            case .host, .socket, .program: routes.first { $0.action == .next(destination) }
            }
        switch (own ?? routes.first { $0.name == .default } ?? .defaults).tls {
        case .off: return .off
        case .may: return .may
        case .must: return .must
        case .verify: return .verify
        case .fingerprint(let digits): return .fingerprint(digits)
        }
    }
}
