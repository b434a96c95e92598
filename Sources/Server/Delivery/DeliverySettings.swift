public import MailCore
public import MailDirectory
public import QueueCore

/// What delivery decides by. Each batch of messages is delivered by one set.
public struct DeliverySettings: Sendable {
    /// Where mail goes that has no mailbox here.
    public enum DomainRoute: Hashable, Sendable {
        /// To the hosts that DNS names for the recipient's domain.
        case mx(port: Int)
        case agent(Destination)
        /// It stays in the queue until somebody releases it.
        case hold
        /// It is thrown away.
        case discard
        /// It cannot be delivered, for this reason.
        case fail(EnhancedStatusCode, text: String)
    }

    public var directory: AddressDirectory
    /// By the domain of the recipient, which is another system's or a local one that hands its mail on; nil stands for an
    /// address literal.
    public var domainRoute: @Sendable (Domain?) -> DomainRoute
    public var retries: RetryPolicy

    public init(
        directory: AddressDirectory, domainRoute: @escaping @Sendable (Domain?) -> DomainRoute = { _ in .hold },
        retries: RetryPolicy = .init()
    ) {
        self.directory = directory
        self.domainRoute = domainRoute
        self.retries = retries
    }
}
