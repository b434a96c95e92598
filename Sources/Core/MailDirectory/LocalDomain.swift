public import MailCore

/// A domain whose mail ends here.
public struct LocalDomain: Hashable, Sendable {
    /// What becomes of the mail of its users.
    public enum Delivery: Hashable, Sendable {
        /// One Maildir a user: `root/domain/user`.
        case maildir(root: String)
        /// Taken and thrown away.
        case discard
        /// Handed on, the way of the domain's route.
        case routed
    }

    public var name: Domain
    public var users: [LocalPart]
    /// Who gets what is sent to a name that does not exist.
    public var catchAll: EmailAddress?
    public var delivery: Delivery
    /// Octets that each mailbox may hold; nil for as many as there are.
    public var quota: UInt64?

    public init(
        _ name: Domain, users: [LocalPart], catchAll: EmailAddress? = nil, delivery: Delivery, quota: UInt64? = nil
    ) {
        self.quota = quota
        self.name = name
        self.users = users
        self.catchAll = catchAll
        self.delivery = delivery
    }
}
