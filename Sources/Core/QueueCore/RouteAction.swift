public import MailCore

/// What becomes of mail that has no mailbox here.
public enum RouteAction: Hashable, Sendable {
    /// To the hosts that DNS names for the recipient's domain.
    case mx(port: Int)
    /// Always to the same place.
    case next(Destination)
    /// Kept in the queue until a person releases it.
    case hold
    /// Taken and thrown away.
    case discard
    /// Given up at once with this status and text.
    case error(EnhancedStatusCode, text: String)
}
