import MailCore
import MailDirectory
import QueueCore

/// Decides which way a recipient goes. It does nothing: what it returns is either the outcome or who brings it about.
struct Router {
    enum Route: Equatable, Sendable {
        /// - quota: octets that the mailbox may hold; nil for as many as there are.
        case maildir(folder: String, quota: UInt64? = nil)
        /// An agent brings it there.
        case agent(Destination)
        /// There is nothing to be done; this is what came of it.
        case decided(Outcome)
    }

    /// How many aliases and lists may lie between the envelope and a mailbox.
    static let maximumDepth = 20

    let settings: DeliverySettings

    /// A route that a person chose goes before all that is configured.
    func route(_ recipient: QueuedRecipient) -> Route {
        if let chosen = recipient.route { return route(by: chosen, recipient.recipient.address) }
        guard recipient.depth <= Self.maximumDepth else {
            return undeliverable(4, 6, "Aliases lead to aliases without end")
        }
        switch settings.directory.resolve(recipient.recipient.address) {
        case .mailbox(let mailbox):
            switch mailbox.delivery {
            case .maildir(let folder): return .maildir(folder: folder, quota: mailbox.quota)
            case .discard: return .discarded
            case .routed: return domainRoute(of: recipient.recipient.address)
            }
        case .discard: return .discarded
        case .expand(let recipients):
            let text = "Replaced by \(recipients.count) recipient\(recipients.count == 1 ? "" : "s")"
            return .decided(Outcome(.expanded(into: recipients), status: .init(.success, 1, 5), diagnostic: text))
        case .unknown: return undeliverable(1, 1, "No such user here any more")
        case .moved(let address): return undeliverable(1, 6, "User has moved; please try <\(address)>")
        case .tooManyExpansions: return undeliverable(4, 6, "The aliases and lists behind the address lead in a circle")
        case .notLocal: return domainRoute(of: recipient.recipient.address)
        }
    }

    private func domainRoute(of address: EmailAddress) -> Route {
        route(by: settings.domainRoute(address.domain), address)
    }

    private func route(by action: RouteAction, _ address: EmailAddress) -> Route {
        switch action {
        case .next(let destination): .agent(destination)
        case .mx(let port): mailHosts(of: address.host, port: port)
        case .hold:
            .decided(.heldByRoute)
        case .discard: .discarded
        case .error(let status, let text): .decided(.undeliverable(status, text))
        }
    }

    /// An address literal is its own mail host (RFC 5321 §5.1).
    private func mailHosts(of host: MailHost, port: Int) -> Route {
        switch host {
        case .domain(let domain): .agent(.mx(domain, port: port))
        case .address(.v4(let address)): .agent(.host(address.description, port: port, .smtp))
        case .address(.v6(let address)): .agent(.host(address.description, port: port, .smtp))
        case .general: undeliverable(1, 2, "There is no way to an address literal of this kind")
        }
    }

    private func undeliverable(_ subject: Int, _ detail: Int, _ text: String) -> Route {
        .decided(.undeliverable(.init(.permanentFailure, subject, detail), text))
    }
}

extension Router.Route {
    fileprivate static let discarded = Self.decided(
        Outcome(.delivered, status: .init(.success, 0, 0), diagnostic: "Thrown away, as configured"))
}

extension Outcome {
    /// What will never be delivered.
    static func undeliverable(_ status: EnhancedStatusCode, _ text: String) -> Outcome {
        Outcome(.failed, status: status, diagnostic: text)
    }
}
