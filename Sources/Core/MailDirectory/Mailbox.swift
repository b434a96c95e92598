public import MailCore

/// Where mail of one local user ends: the user as the configuration names it, and what its domain does with mail.
public struct Mailbox: Hashable, Sendable {
    /// What becomes of a message.
    public enum Delivery: Hashable, Sendable {
        /// Written into the Maildir at this path.
        case maildir(folder: String)
        /// Taken and thrown away.
        case discard
        /// Handed on, the way of its domain's route.
        case routed
    }

    public let domain: Domain
    /// The name as configured, in its case.
    public let user: LocalPart
    public let delivery: Delivery
    /// Octets that it may hold; nil for as many as there are.
    public let quota: UInt64?
    /// What the address had behind the separator: `news` of `ann+news@example.org`.
    public internal(set) var detail: String?

    init(user: LocalPart, domain: LocalDomain) {
        self.domain = domain.name
        self.user = user
        quota = domain.quota
        switch domain.delivery {
        case .maildir(let root):
            let name = FolderName(user: user).description
            self.delivery = .maildir(folder: "\(root)/\(FolderName(domain: domain.name))/\(name)")
        case .discard: self.delivery = .discard
        case .routed: self.delivery = .routed
        }
    }

    /// The mailbox's own address, without a detail.
    public var address: EmailAddress { EmailAddress(localPart: user, host: .domain(domain)) }
}
