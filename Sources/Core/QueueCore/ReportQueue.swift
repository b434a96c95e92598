public import MailCore

/// The outcomes that senders are still to be told of.
///
/// A report is due from the moment at which its outcome is recorded, in the same transaction. It enters the queue as any
/// message does, with its origin; what it tells of is no longer due once the queue has taken it in, again in one
/// transaction. A stop at any point leads to one report: the outcome is still due, or the report is there.
public protocol ReportQueue: Sendable {
    /// Sets who is told, on any thread, that a report has become due.
    func onReportDue(_ receiver: @escaping @Sendable () -> Void)

    /// Reports that are due, in the order of their messages' arrival: one for all recipients of a message of which the
    /// same is to be told to the same mailbox.
    ///
    /// - Parameters:
    ///   - after: the message behind which to begin; nil for the first.
    ///   - limit: how many messages are looked at.
    func reportsDue(after: QueueID?, limit: Int) async throws -> [DueReport]
}

/// A report that is to be made.
public struct DueReport: Sendable {
    public let origin: ReportOrigin
    /// When the message arrived that is reported about.
    public let arrived: Timestamp
    /// Who is told: the sender, or the owner of a list.
    public let mailbox: EmailAddress
    /// What the sender said about the message; without RET and ENVID where somebody else is told.
    public let options: EnvelopeOptions
    public let recipients: [ReportedRecipient]
    /// The message; nil if it cannot be read any more.
    public let content: MessageContent?

    public init(
        origin: ReportOrigin, arrived: Timestamp, mailbox: EmailAddress, options: EnvelopeOptions,
        recipients: [ReportedRecipient], content: MessageContent?
    ) {
        self.origin = origin
        self.arrived = arrived
        self.mailbox = mailbox
        self.options = options
        self.recipients = recipients
        self.content = content
    }
}

/// One recipient of a report, and what became of it.
public struct ReportedRecipient: Hashable, Sendable {
    public let recipient: EnvelopeRecipient
    public let action: ReportAction
    public let status: EnhancedStatusCode
    public let diagnostic: String
    public let remoteHost: String?
    /// When the last attempt was recorded.
    public let attempted: Timestamp

    public init(
        _ recipient: EnvelopeRecipient, action: ReportAction, status: EnhancedStatusCode, diagnostic: String,
        remoteHost: String? = nil, attempted: Timestamp
    ) {
        self.recipient = recipient
        self.action = action
        self.status = status
        self.diagnostic = diagnostic
        self.remoteHost = remoteHost
        self.attempted = attempted
    }
}

/// What a report in the queue tells of, by which it is taken in once only.
public struct ReportOrigin: Hashable, Sendable {
    /// The message that is reported about.
    public let message: QueueID
    public let kind: ReportKind
    /// The numbers of its recipients.
    public let recipients: [Int]

    public init(message: QueueID, kind: ReportKind, recipients: [Int]) {
        self.message = message
        self.kind = kind
        self.recipients = recipients
    }
}
