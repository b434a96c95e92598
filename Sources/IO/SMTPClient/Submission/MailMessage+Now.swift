import Glibc
import MailCore
public import MailMIME

extension MailMessage {
    /// A message written now, with a message ID of its own in the domain of its author.
    ///
    /// A mailbox in the source may be written as text, `"Shop <shop@example.com>"`; text from elsewhere is read with
    /// `Mailbox(parsing:)`, which throws.
    ///
    /// - Throws: `CompositionError` where a value could not stand in a message without changing it.
    public init(
        from: Mailbox, to: [Mailbox] = [], cc: [Mailbox] = [], bcc: [Mailbox] = [], replyTo: [Mailbox] = [],
        subject: String, text: String? = nil, html: String? = nil, attachments: [MailAttachment] = [],
        inReplyTo: [String] = [], references: [String] = [], fields: [MailField] = []
    ) throws(CompositionError) {
        let now = Timestamp.now
        let domain = from.address.domain.flatMap { $0.isASCII ? $0.description : nil } ?? "localhost"
        try self.init(
            from: from, to: to, cc: cc, bcc: bcc, replyTo: replyTo, subject: subject, text: text, html: html,
            attachments: attachments, date: now,
            messageID: "\(now.microseconds).\(String(UInt64.random(in: 0 ... .max), radix: 36))@\(domain)",
            inReplyTo: inReplyTo, references: references, fields: fields)
    }
}

extension Timestamp {
    /// What the wall clock says.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
