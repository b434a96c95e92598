import QueueCore
import SMTPClient
import SMTPServer

extension ServerConfiguration {
    /// Only users are asked for certificates; what servers show leads to roots of all kinds.
    func tlsContext(of listener: ListenerConfiguration) -> TLSServerContext? {
        listener.auth == .off ? tlsContext : userTLSContext ?? tlsContext
    }

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

    /// Who logs in at a destination that a route names; hosts that DNS names are shown no password.
    func credentials(for destination: Destination) -> SMTPCredentials? {
        guard let route = routes.first(where: { $0.action == .next(destination) }), let user = route.user,
            let password = route.password
        else { return nil }
        return .password(user: user, password: password)
    }
}
