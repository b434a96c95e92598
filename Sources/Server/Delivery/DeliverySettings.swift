public import MailCore
public import MailDirectory
public import QueueCore

/// What delivery decides by. Each batch of messages is delivered by one set.
public struct DeliverySettings: Sendable {
    public var directory: AddressDirectory
    /// Where mail goes that has no mailbox here, by the domain of the recipient, which is another system's or a local one
    /// that hands its mail on; nil stands for an address literal.
    public var domainRoute: @Sendable (Domain?) -> RouteAction
    public var retries: RetryPolicy

    public init(
        directory: AddressDirectory, domainRoute: @escaping @Sendable (Domain?) -> RouteAction = { _ in .hold },
        retries: RetryPolicy = .init()
    ) {
        self.directory = directory
        self.domainRoute = domainRoute
        self.retries = retries
    }
}
