public import MailCore
public import SMTPCore

/// What was taken over of a message: at least one of its recipients.
public struct MailReceipt: Hashable, Sendable {
    /// One for each recipient, in the order of the envelope.
    public let recipients: [RecipientResult]
    /// The server's reply to the message; with LMTP, or more recipients than one transaction bears, the last one.
    public let reply: SMTPReply?

    /// - Parameters:
    ///   - recipients: one for each recipient, in the order of the envelope.
    ///   - reply: the reply to the message.
    public init(recipients: [RecipientResult], reply: SMTPReply?) {
        self.recipients = recipients
        self.reply = reply
    }

    /// The recipients that the server answers for from now on.
    public var accepted: [EmailAddress] { recipients.filter(\.isAccepted).map(\.address) }

    /// The recipients that do not get the message; each says why.
    public var rejected: [RecipientResult] { recipients.filter { !$0.isAccepted } }

    /// What the server calls the message, to find it in the server's log; nil where the reply does not tell in one of
    /// the usual ways, `queued as …` and `id=…`.
    public var queueID: String? {
        let text = reply?.lines.joined(separator: " ") ?? ""
        for mark in ["queued as ", "Queued as ", "id="] {
            guard let range = text.firstRange(of: mark) else { continue }
            let word = text[range.upperBound...].prefix { !" <>(),;".contains($0) }
            let id = word.hasSuffix(".") ? word.dropLast() : word
            if !id.isEmpty { return String(id) }
        }
        return nil
    }
}

extension MailReceipt {
    /// Every recipient accepted with one reply, as a transport that refuses nobody says it.
    public init(accepting envelope: Envelope, _ reply: SMTPReply) {
        let outcome = Outcome(
            .delivered, status: reply.status ?? EnhancedStatusCode(.success, 0, 0), diagnostic: reply.description)
        self.init(recipients: envelope.recipients.map { RecipientResult($0.address, outcome) }, reply: reply)
    }
}
