public import MailCore

/// What became of one recipient of a message that was handed over.
public struct RecipientResult: Hashable, Sendable, CustomStringConvertible {
    /// The recipient as the envelope names it.
    public let address: EmailAddress
    /// What the server said, as a record.
    public let outcome: Outcome

    /// - Parameters:
    ///   - address: the recipient as the envelope names it.
    ///   - outcome: what the server said.
    public init(_ address: EmailAddress, _ outcome: Outcome) {
        self.address = address
        self.outcome = outcome
    }

    /// Whether the server answers for this recipient from now on.
    public var isAccepted: Bool { outcome.action == .delivered }

    /// Whether a recipient that was not accepted may be accepted later.
    public var isTransient: Bool { outcome.action == .deferred }

    public var description: String { "\(address): \(outcome.diagnostic)" }
}

extension [RecipientResult] {
    /// The outcomes of a transaction, which come in the order of its recipients.
    init(_ envelope: Envelope, _ outcomes: [Outcome]) {
        self = zip(envelope.recipients, outcomes).map { RecipientResult($0.address, $1) }
    }
}
