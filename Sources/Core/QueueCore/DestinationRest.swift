public import MailCore

/// A pause in which nothing is tried at a destination, because nobody there could be reached.
public struct DestinationRest: Hashable, Sendable {
    /// When one attempt may see whether things are better.
    public let until: Timestamp
    /// What the last attempt came to.
    public let error: Outcome
}
