import LocalMail
import MailCore
import MailMIME
import NIOCore
import QueueCore

/// A recipient of a batch, and where it goes.
struct DeliveryStep: Sendable {
    let message: QueuedMessage
    let recipient: QueuedRecipient
    let route: Router.Route

    /// The folder of the mailbox that it is for, if any.
    var mailbox: String? {
        if case .maildir(let folder, _) = route { folder } else { nil }
    }

    /// The message for a mailbox, with the two fields that its last hop adds (RFC 5321 §4.4). Of a binary message the body
    /// is read, and the thread is blocked meanwhile.
    func delivery(mayBeRepeat: Bool) -> MaildirDelivery? {
        guard case .maildir(let mailbox, let quota) = route else { return nil }
        let reversePath = recipient.reversePath ?? message.reversePath
        var prefix = ByteBuffer(
            string: "Return-Path: \(reversePath)\r\nDelivered-To: \(recipient.recipient.address)\r\n")
        prefix.writeImmutableBuffer(message.content.prefix)
        return MaildirDelivery(
            mailbox: mailbox, queueID: message.id, recipientNumber: recipient.number,
            content: MessageContent(prefix: prefix, body: message.content.body), plan: message.linesPlan,
            mayBeRepeat: mayBeRepeat, quota: quota)
    }
}

extension QueuedMessage {
    /// How a message that was declared binary becomes one of lines; nil for every other one.
    var linesPlan: DowngradePlan? { options.body == .binary ? content.linesPlan : nil }
}
