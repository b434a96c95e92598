public import MailCore
public import QueueCore

/// A message of the queue as a person sees it.
public struct QueueEntry: Hashable, Sendable {
    public var id: QueueID
    public var arrived: Timestamp
    /// Octets of the header fields added here and of the body.
    public var size: UInt64
    public var reversePath: ReversePath
    public var options: EnvelopeOptions
    public var recipients: [Recipient]

    /// One recipient of the message, finished ones included.
    public struct Recipient: Hashable, Sendable {
        /// Names it within its message.
        public var number: Int
        public var recipient: EnvelopeRecipient
        /// Who hears about it, where that is not the message's reverse path.
        public var reversePath: ReversePath?
        public var state: RecipientState
        /// When the next attempt is due; of meaning while the state is `.pending`.
        public var due: Timestamp
        public var attempts: Int
        /// How many aliases and lists lie between the envelope's recipient and this one.
        public var depth: Int
        public var last: LastOutcome?
        /// The way that a person chose for it; nil for that of the configuration.
        public var route: RouteAction?
        /// What is still to be told of it: until then the message stays.
        public var reportDue: ReportAction?
    }
}

/// How much is in the queue.
public struct QueueCounts: Hashable, Sendable {
    public var messages = 0
    /// Recipients of these messages by their state; states without any are missing.
    public var recipients: [RecipientState: Int] = [:]
    /// Octets of all messages.
    public var octets: UInt64 = 0

    public init() {}
}
