public import MailCore

/// What an attempt came to for one recipient, for the log.
public struct DeliveryEvent: Sendable {
    public let id: QueueID
    public let recipient: EmailAddress
    /// The folder of the mailbox that it was for; nil where it was for none.
    public let mailbox: String?
    public let outcome: Outcome
    /// Counted from 1.
    public let attempt: Int
    /// From the message's arrival to this outcome.
    public let delay: Duration
    public let retryAt: Timestamp?
}
