public import MailCore

/// A pause in which nothing is tried at a destination, because nobody there could be reached.
public struct DestinationRest: Hashable, Sendable {
    /// When one attempt may see whether things are better.
    public let until: Timestamp
    /// What the last attempt came to.
    public let error: Outcome

    public init(until: Timestamp, error: Outcome) {
        self.until = until
        self.error = error
    }
}

/// What changed about a destination as such.
public enum DestinationChange: Hashable, Sendable {
    /// Nobody there can be reached: nothing is tried for a while.
    case rests(Destination, DestinationRest)
    /// Somebody there answers again.
    case answers(Destination)
}
