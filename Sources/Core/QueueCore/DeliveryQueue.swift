public import MailCore

/// What waits to be delivered, and the place where outcomes are recorded.
public protocol DeliveryQueue: Sendable {
    /// Sets who is told about messages the moment they are durable, before they are in the index. The receiver says how
    /// many of them, from the front, it takes in flight; the rest come out of `claim` when they are due.
    func onArrival(_ receiver: @escaping @Sendable ([QueuedMessage]) -> Int)

    /// Takes messages with recipients due by `time` in flight, the longest due first, each with all its due recipients.
    /// What is in flight is not given out again until its outcome is recorded; after a restart nothing is in flight.
    func claim(dueBy time: Timestamp, limit: Int) async throws -> [QueuedMessage]

    /// When the next recipient that is not in flight is due; nil if none waits.
    func nextDue() async throws -> Timestamp?

    /// Makes due at `time` those who would be due only behind `horizon`: the clock was set back since they were told to
    /// wait.
    ///
    /// - Returns: how many they are.
    func pullIn(dueAfter horizon: Timestamp, to time: Timestamp) async throws -> Int

    /// Makes the results of attempts durable, and ends their being in flight.
    ///
    /// - Parameter completion: called when they are on disk, or cannot be; it must not block.
    func record(_ attempts: [AttemptRecord], completion: @escaping @Sendable (Result<Void, any Error>) -> Void)
}

/// A message of the queue with those of its recipients that are due.
public struct QueuedMessage: Sendable {
    public let id: QueueID
    public let arrived: Timestamp
    public let reversePath: ReversePath
    public let options: EnvelopeOptions
    public let recipients: [QueuedRecipient]
    public let content: MessageContent

    public init(
        id: QueueID, arrived: Timestamp, reversePath: ReversePath, options: EnvelopeOptions,
        recipients: [QueuedRecipient], content: MessageContent
    ) {
        self.id = id
        self.arrived = arrived
        self.reversePath = reversePath
        self.options = options
        self.recipients = recipients
        self.content = content
    }
}

/// A recipient in the queue. Its number names it within its message for good.
public struct QueuedRecipient: Hashable, Sendable {
    public let number: Int
    public let recipient: EnvelopeRecipient
    /// Who hears about this recipient, where that is not the message's reverse path.
    public let reversePath: ReversePath?
    /// How many attempts were recorded before.
    public let attempts: Int
    /// How many aliases and lists lie between the envelope's recipient and this one.
    public let depth: Int
    /// The way that a person chose for it; nil for that of the configuration.
    public let route: RouteAction?

    public init(
        number: Int, recipient: EnvelopeRecipient, reversePath: ReversePath? = nil, attempts: Int = 0, depth: Int = 0,
        route: RouteAction? = nil
    ) {
        self.number = number
        self.recipient = recipient
        self.reversePath = reversePath
        self.attempts = attempts
        self.depth = depth
        self.route = route
    }
}

/// What one attempt at a message came to.
public struct AttemptRecord: Sendable {
    public let id: QueueID
    public let results: [RecipientResult]

    public init(id: QueueID, results: [RecipientResult]) {
        self.id = id
        self.results = results
    }
}

/// What one attempt came to for one recipient, and when it is due again.
public struct RecipientResult: Hashable, Sendable {
    public let number: Int
    public let outcome: Outcome
    /// For `.deferred`: the next attempt.
    public let retryAt: Timestamp?
    /// False where nothing was tried, only put off for want of room: then the recipient is due again at `retryAt`, and
    /// all else stays as it was.
    public let isAttempt: Bool
    /// For `.deferred`: whether the message has waited for so long that its sender is to be told.
    public let isLate: Bool

    public init(
        number: Int, outcome: Outcome, retryAt: Timestamp? = nil, isAttempt: Bool = true, isLate: Bool = false
    ) {
        self.number = number
        self.outcome = outcome
        self.retryAt = retryAt
        self.isAttempt = isAttempt
        self.isLate = isLate
    }
}
