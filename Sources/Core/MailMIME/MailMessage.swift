import CText
public import MailCore

/// A message to be composed: text, HTML or both, with or without attachments.
public struct MailMessage: Hashable, Sendable {
    public let from: Mailbox
    public let to: [Mailbox]
    public let cc: [Mailbox]
    /// Who gets the message without anybody's seeing it: in no header field, but among the `recipients`.
    public let bcc: [Mailbox]
    public let replyTo: [Mailbox]
    public let subject: String
    public let text: String?
    public let html: String?
    /// Beside the text, or with a content ID within the HTML.
    public let attachments: [MailAttachment]
    public let date: Timestamp
    /// Without angle brackets.
    public let messageID: String
    /// The message IDs of what this message answers (RFC 5322 §3.6.4), without angle brackets.
    public let inReplyTo: [String]
    /// The message IDs of the thread, the oldest first, without angle brackets.
    public let references: [String]
    /// Further header fields, in this order.
    public let fields: [MailField]
    /// Whether text beyond ASCII may travel as it is (RFC 6152) and need not be encoded.
    public private(set) var allows8Bit: Bool

    /// - Parameters:
    ///   - text: nil where there is HTML alone, or nothing but attachments.
    ///   - html: the same again as a page; readers show it in place of the text.
    ///   - messageID: unique in the world, `left@right`, without angle brackets.
    /// - Throws: `CompositionError` where a value could not stand in a message without changing it.
    public init(
        from: Mailbox, to: [Mailbox] = [], cc: [Mailbox] = [], bcc: [Mailbox] = [], replyTo: [Mailbox] = [],
        subject: String, text: String? = nil, html: String? = nil, attachments: [MailAttachment] = [],
        date: Timestamp, messageID: String, inReplyTo: [String] = [], references: [String] = [],
        fields: [MailField] = [], allows8Bit: Bool = false
    ) throws(CompositionError) {
        try CompositionError.check(subject, "subject")
        if let text, Self.holdsNUL(text) { throw .nul(in: "text") }
        if let html, Self.holdsNUL(html) { throw .nul(in: "HTML") }
        for id in [messageID] + inReplyTo + references where !Self.isMessageID(id) { throw .messageID(id) }
        try Self.checkContentIDs(attachments)
        self.from = from
        self.to = to
        self.cc = cc
        self.bcc = bcc
        self.replyTo = replyTo
        self.subject = subject
        self.text = text
        self.html = html
        self.attachments = attachments
        self.date = date
        self.messageID = messageID
        self.inReplyTo = inReplyTo
        self.references = references
        self.fields = fields
        self.allows8Bit = allows8Bit
    }

    /// Everybody the message goes to, each once, in the order of to, cc and bcc.
    public var recipients: [EmailAddress] {
        var seen: Set<EmailAddress> = []
        return (to + cc + bcc).map(\.address).filter { seen.insert($0).inserted }
    }

    /// The same with every text encoded that goes beyond ASCII, for a server without 8BITMIME (RFC 6152 §3).
    public var inSevenBits: MailMessage {
        var message = self
        message.allows8Bit = false
        return message
    }

    /// Whether an address in the header can be carried only with SMTPUTF8 (RFC 6531).
    public var needsSMTPUTF8: Bool { !([from] + to + cc + replyTo).allSatisfy(\.address.isASCII) }

    private static func holdsNUL(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { octets in
            octets.baseAddress.map { memchr($0, 0, octets.count) != nil } ?? false
        } ?? text.utf8.contains(0)
    }

    private static func checkContentIDs(_ attachments: [MailAttachment]) throws(CompositionError) {
        var seen: Set<String> = []
        for id in attachments.compactMap(\.contentID) where !seen.insert(id).inserted { throw .contentIDTwice(id) }
    }

    private static func isMessageID(_ text: String) -> Bool {
        let octets = text.utf8
        return octets.count(where: { $0 == ASCII.at }) == 1 && octets.first != ASCII.at && octets.last != ASCII.at
            && octets.count <= 250
            && octets.allSatisfy { $0 > ASCII.space && $0 < 0x7F && $0 != ASCII.less && $0 != ASCII.greater }
    }
}
