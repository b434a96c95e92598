public import MailCore

/// What became of one transaction.
public struct TransactionResult: Hashable, Sendable {
    /// One for each recipient, in the order of the envelope.
    public let outcomes: [Outcome]
    /// Whose reply decided each outcome; nil where it was what ended the session.
    public let stages: [SMTPStage?]
    /// The last reply to the message itself; nil if it was not sent.
    public let reply: SMTPReply?
    /// The last reply that refused the sender or a recipient; nil if there was none.
    public let refusal: SMTPReply?
    /// What ended the session in the middle of the transaction.
    public let failure: SessionFailure?

    public init(
        outcomes: [Outcome], stages: [SMTPStage?], reply: SMTPReply?, refusal: SMTPReply? = nil,
        failure: SessionFailure? = nil
    ) {
        self.stages = stages
        self.outcomes = outcomes
        self.reply = reply
        self.refusal = refusal
        self.failure = failure
    }
}
