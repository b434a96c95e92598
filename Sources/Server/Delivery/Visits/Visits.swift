public import MailCore
import NIOConcurrencyHelpers
import QueueCore

/// The visits there are, by the domains whose mail they are for.
public final class Visits: Sendable {
    /// The most at once.
    public static let most = 50
    /// The port of on-demand relay (RFC 2645 §4), by which the router marks what goes over a visit.
    static let port = 366

    private let visits = NIOLockedValueBox<[Domain: Visit]>([:])

    public init() {}

    /// Begins a visit.
    ///
    /// - Returns: false if there is one for the same domain, or there are too many.
    public func begin(_ visit: Visit) -> Bool {
        visits.withLockedValue { visits in
            guard visits.count < Self.most, !visit.domains.contains(where: { visits[$0] != nil }) else { return false }
            for domain in visit.domains { visits[domain] = visit }
            return true
        }
    }

    public func end(_ visit: Visit) {
        visits.withLockedValue { visits in
            for domain in visit.domains where visits[domain] === visit { visits[domain] = nil }
        }
    }

    public func visit(for domain: Domain) -> Visit? { visits.withLockedValue { $0[domain] } }

    /// Settings by which the mail of visitors goes to them, whatever route it has otherwise.
    public func applied(to settings: DeliverySettings) -> DeliverySettings {
        if visits.withLockedValue(\.isEmpty) { return settings }
        var changed = settings
        changed.domainRoute = { domain in
            guard let domain, self.visit(for: domain) != nil else { return settings.domainRoute(domain) }
            return .mx(port: Self.port)
        }
        return changed
    }
}
