public import MailCore

/// A message to be composed: plain text, with or without attachments.
public struct MailMessage: Hashable, Sendable {
    public let from: Mailbox
    public let to: [Mailbox]
    public let cc: [Mailbox]
    public let subject: String
    public let text: String
    public let attachments: [MailAttachment]
    public let date: Timestamp
    /// Without angle brackets.
    public let messageID: String

    /// - Parameter messageID: unique in the world, `left@right`, without angle brackets.
    /// - Throws: `CompositionError` where a value could not stand in a message without changing it.
    public init(
        from: Mailbox, to: [Mailbox], cc: [Mailbox] = [], subject: String, text: String,
        attachments: [MailAttachment] = [], date: Timestamp, messageID: String
    ) throws(CompositionError) {
        try CompositionError.check(subject, "subject")
        if text.utf8.contains(0) { throw .controlCharacter(in: "text") }
        guard Self.isMessageID(messageID) else { throw .messageID(messageID) }
        self.from = from
        self.to = to
        self.cc = cc
        self.subject = subject
        self.text = text
        self.attachments = attachments
        self.date = date
        self.messageID = messageID
    }

    /// Whether an address in the header can be carried only with SMTPUTF8 (RFC 6531).
    public var needsSMTPUTF8: Bool { !([from] + to + cc).allSatisfy(\.address.isASCII) }

    private static func isMessageID(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 250
            && text.utf8.allSatisfy { $0 > ASCII.space && $0 < 0x7F && $0 != ASCII.less && $0 != ASCII.greater }
    }
}
