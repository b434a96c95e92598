public import MailCore
public import SMTPCore

/// What a server took.
public struct SMTPReceipt: Hashable, Sendable {
    /// The reply to the message; with LMTP the last one.
    public let reply: SMTPReply?
    /// One for each recipient, in the order of the envelope; at least one is `.delivered`.
    public let outcomes: [Outcome]

    /// - Parameters:
    ///   - reply: the reply to the message.
    ///   - outcomes: one for each recipient, in the order of the envelope.
    public init(reply: SMTPReply?, outcomes: [Outcome]) {
        self.reply = reply
        self.outcomes = outcomes
    }
}
