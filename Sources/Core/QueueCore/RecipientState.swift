/// Where a recipient of a queued message stands. In flight is no state: it is never stored.
public enum RecipientState: Int, Sendable, CaseIterable {
    /// Waits for its first or next attempt.
    case pending = 0
    /// Waits for a person.
    case held = 1
    case delivered = 2
    /// Replaced by other recipients.
    case expanded = 3
    case failed = 4
    /// Given up by a person, and nobody is told.
    case deleted = 5

    /// Whether nothing more will be done for the recipient.
    public var isFinished: Bool {
        switch self {
        case .pending, .held: false
        case .delivered, .expanded, .failed, .deleted: true
        }
    }

    public var name: String {
        switch self {
        case .pending: "pending"
        case .held: "held"
        case .delivered: "delivered"
        case .expanded: "expanded"
        case .failed: "failed"
        case .deleted: "deleted"
        }
    }
}
