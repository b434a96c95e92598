package import MailCore
package import QueueCore

/// Where a recipient that waits goes when it is tried.
package enum NextHop: Hashable, Sendable, CustomStringConvertible {
    case mailbox(folder: String)
    case destination(Destination)
    /// Its route keeps it.
    case hold
    /// Nothing is tried: this comes of it.
    case decided(Outcome)

    package var description: String {
        switch self {
        case .mailbox(let folder): "maildir:\(folder)"
        case .destination(let destination): destination.description
        case .hold: "hold"
        case .decided(let outcome): "none (\(outcome.status) \(outcome.diagnostic))"
        }
    }
}

extension DeliverySettings {
    /// Where a recipient goes.
    ///
    /// - Parameters:
    ///   - route: the way that a person chose for it; nil for that of the configuration.
    ///   - depth: how many aliases and lists lie between the envelope's recipient and this one.
    package func nextHop(of address: EmailAddress, route: RouteAction? = nil, depth: Int = 0) -> NextHop {
        let recipient = QueuedRecipient(number: 0, recipient: EnvelopeRecipient(address), depth: depth, route: route)
        switch Router(settings: self).route(recipient) {
        case .maildir(let folder, _): return .mailbox(folder: folder)
        case .agent(let destination): return .destination(destination)
        case .decided(.heldByRoute): return .hold
        case .decided(let outcome): return .decided(outcome)
        }
    }
}
