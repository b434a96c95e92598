package import MailCore

/// What happened to the messages of the maildrop, for the log.
package enum MaildropEvent: Sendable {
    /// A message is in the queue, handed in by this user.
    case accepted(QueueID, from: ReversePath, recipients: Int, octets: UInt64, userID: UInt32)
    /// A file is no message, or no acceptable one; it lies there now, for this reason.
    case setAside(String, String)
}
