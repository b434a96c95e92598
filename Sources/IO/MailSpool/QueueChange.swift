public import MailCore
public import QueueCore

/// What a person does to recipients that wait.
public enum QueueChange: Hashable, Sendable {
    /// A pending recipient is due now.
    case retry
    /// A pending recipient waits until it is released; the reason stands where the last outcome is shown.
    case hold(reason: String)
    /// A held recipient is pending, and due now.
    case release
    /// The outcome of a recipient that waits is failed, with this diagnostic.
    case bounce(reason: String)
    /// A recipient that waits takes this route, or again that of the configuration; a pending one is due now.
    case reroute(RouteAction?)
    /// A recipient that waits is forgotten; nobody is told.
    case delete

    /// The states of the recipients that it can be done to.
    public var states: Set<RecipientState> {
        switch self {
        case .retry, .hold: [.pending]
        case .release: [.held]
        case .reroute, .bounce, .delete: [.pending, .held]
        }
    }
}

/// A message that a change hit, and its recipients that are meant.
public struct QueueHit: Hashable, Sendable {
    public var id: QueueID
    public var reversePath: ReversePath
    public var recipients: [Recipient]

    public struct Recipient: Hashable, Sendable {
        /// Names it within its message.
        public var number: Int
        public var address: EmailAddress
        /// The way that a person chose for it before this change.
        public var route: RouteAction?
        /// Whether it is given out, so that the change passed it over.
        public var isInFlight: Bool
    }
}
