public import MailCore
public import MailDirectory
public import QueueCore

/// What delivery decides by. Each batch of messages is delivered by one set.
public struct DeliverySettings: Sendable {
    /// Where mail for other systems goes.
    public enum ForeignRoute: Hashable, Sendable {
        /// It stays in the queue until somebody releases it.
        case hold
        /// It is thrown away.
        case discard
        /// It cannot be delivered, for this reason.
        case fail(EnhancedStatusCode, text: String)
    }

    public var directory: AddressDirectory
    /// By the domain of the recipient; nil stands for an address literal.
    public var foreignRoute: @Sendable (Domain?) -> ForeignRoute
    public var retries: RetryPolicy

    public init(
        directory: AddressDirectory, foreignRoute: @escaping @Sendable (Domain?) -> ForeignRoute = { _ in .hold },
        retries: RetryPolicy = .init()
    ) {
        self.directory = directory
        self.foreignRoute = foreignRoute
        self.retries = retries
    }
}
