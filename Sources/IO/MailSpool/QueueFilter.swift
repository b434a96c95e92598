public import MailCore
public import QueueCore

/// Which messages, and which of their recipients, are meant. What is nil does not matter.
public struct QueueFilter: Hashable, Sendable {
    /// Messages with one of these queue IDs.
    public var ids: Set<QueueID>?
    /// Recipients in one of these states.
    public var states: Set<RecipientState>?
    /// Recipients whose address has this text in it, in any case of ASCII.
    public var recipient: String?
    /// Recipients in this domain, in any case of ASCII.
    public var domain: String?
    /// Messages whose reverse path has this text in it; empty for the null reverse path.
    public var sender: String?
    /// Messages that arrived before this time.
    public var arrivedBefore: Timestamp?
    /// Messages that arrived at this time or later.
    public var arrivedFrom: Timestamp?
    /// Messages after this one, for the next page.
    public var after: QueueID?

    public init(
        states: Set<RecipientState>? = nil, recipient: String? = nil, sender: String? = nil, after: QueueID? = nil
    ) {
        self.states = states
        self.recipient = recipient
        self.sender = sender
        self.after = after
    }
}
