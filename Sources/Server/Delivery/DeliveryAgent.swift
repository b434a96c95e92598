public import MailCore
public import QueueCore

/// One message, and those of its recipients that go to the same place.
public struct DeliveryJob: Sendable {
    public let message: QueuedMessage
    public let recipients: [QueuedRecipient]
    public let destination: Destination
    /// How many connections there may be to the destination now.
    public var connections: Int

    public init(message: QueuedMessage, recipients: [QueuedRecipient], destination: Destination, connections: Int = 1) {
        self.message = message
        self.recipients = recipients
        self.destination = destination
        self.connections = connections
    }
}

/// Brings messages to one kind of destination.
public protocol DeliveryAgent: Sendable {
    /// Tries once. Every failure is an outcome; cancellation ends the attempt as deferred.
    func deliver(_ job: DeliveryJob) async -> AgentReport
}

/// What one attempt came to.
public struct AgentReport: Sendable {
    /// Whether the destination as such could be talked to.
    public enum Condition: Hashable, Sendable {
        case reachable
        /// Nobody there takes mail now: others for the same destination need not try at once.
        case unreachable
    }

    /// One for each recipient of the job, in order.
    public let outcomes: [Outcome]
    public let condition: Condition

    public init(outcomes: [Outcome], condition: Condition = .reachable) {
        self.outcomes = outcomes
        self.condition = condition
    }
}
