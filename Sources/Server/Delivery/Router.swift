import MailCore
import MailDirectory
import QueueCore

/// Decides which way a recipient goes. It does nothing: what it returns is either the outcome or who brings it about.
struct Router {
    enum Route: Equatable, Sendable {
        case maildir(folder: String)
        /// There is nothing to be done; this is what came of it.
        case decided(Outcome)
    }

    /// How many aliases and lists may lie between the envelope and a mailbox.
    static let maximumDepth = 20

    let settings: DeliverySettings

    func route(_ recipient: QueuedRecipient) -> Route {
        guard recipient.depth <= Self.maximumDepth else {
            return undeliverable(4, 6, "Aliases lead to aliases without end")
        }
        switch settings.directory.resolve(recipient.recipient.address) {
        case .mailbox(let mailbox):
            guard case .maildir(let folder) = mailbox.delivery else { return .discarded }
            return .maildir(folder: folder)
        case .discard: return .discarded
        case .expand(let recipients):
            let text = "Replaced by \(recipients.count) recipient\(recipients.count == 1 ? "" : "s")"
            return .decided(Outcome(.expanded(into: recipients), status: .init(.success, 1, 5), diagnostic: text))
        case .unknown: return undeliverable(1, 1, "No such user here any more")
        case .moved(let address): return undeliverable(1, 6, "User has moved; please try <\(address)>")
        case .tooManyExpansions: return undeliverable(4, 6, "The aliases and lists behind the address lead in a circle")
        case .notLocal: return foreignRoute(of: recipient.recipient.address)
        }
    }

    private func foreignRoute(of address: EmailAddress) -> Route {
        switch settings.foreignRoute(address.domain) {
        case .hold:
            .decided(Outcome(.held, status: .init(.success, 0, 0), diagnostic: "Held by the route"))
        case .discard: .discarded
        case .fail(let status, let text): .decided(.undeliverable(status, text))
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
    /// What cannot be delivered stays in the queue for a person to see: its sender could not be told yet, and what was
    /// accepted is not lost.
    static func undeliverable(_ status: EnhancedStatusCode, _ text: String) -> Outcome {
        Outcome(.held, status: status, diagnostic: text)
    }
}
