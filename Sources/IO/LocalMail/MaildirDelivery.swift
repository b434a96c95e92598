public import MailCore
public import MailMIME
public import QueueCore

/// One message for one mailbox.
public struct MaildirDelivery: Sendable {
    /// The folder that holds `tmp`, `new` and `cur`. The caller made sure that no address can lead it elsewhere.
    public let mailbox: String
    public let queueID: QueueID
    /// The recipient's number within its message.
    public let recipientNumber: Int
    /// What is written: the prefix with all its header fields, then the body.
    public let content: MessageContent
    /// The changes to the body with which it is written; nil for none.
    public let plan: DowngradePlan?
    /// Whether an earlier attempt may have delivered the message, so that the mailbox is searched for it first. False
    /// is right only for a first attempt by the process that took the message in.
    public let mayBeRepeat: Bool
    /// Octets that the mailbox may hold; nil for as many as there are.
    public let quota: UInt64?

    public init(
        mailbox: String, queueID: QueueID, recipientNumber: Int, content: MessageContent,
        plan: DowngradePlan? = nil, mayBeRepeat: Bool = true, quota: UInt64? = nil
    ) {
        self.mailbox = mailbox
        self.queueID = queueID
        self.recipientNumber = recipientNumber
        self.content = content
        self.plan = plan
        self.mayBeRepeat = mayBeRepeat
        self.quota = quota
    }

    /// Octets that are written.
    var size: UInt64 { UInt64(Int(content.size) + (plan?.growth ?? 0)) }
}
