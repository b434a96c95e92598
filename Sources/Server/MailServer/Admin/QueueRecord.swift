import MailCore
import MailSpool
import QueueCore

/// A message of the queue as scripts read it. The names that `postqueue -j` has mean here what they mean there.
package struct QueueRecord: Codable, Sendable {
    package struct Recipient: Codable, Sendable {
        package let address: String
        package let number: Int
        package let state: String
        package let attempts: Int
        /// When the next attempt is due; only while the recipient is pending.
        package let next_attempt: String?
        /// What the last attempt came to.
        package let delay_reason: String?
        package let status: String?
    }

    /// `hold` if all that is left waits for a person, else `active` before and `deferred` after the first attempt.
    package let queue_name: String
    package let queue_id: String
    /// Seconds since 1970.
    package let arrival_time: Int64
    /// Octets.
    package let message_size: UInt64
    package let forced_expire: Bool
    /// Empty for the null reverse path.
    package let sender: String
    package let recipients: [Recipient]
    package let body: String
    package let smtputf8: Bool
    package let envelope_id: String?

    init(_ entry: QueueEntry) {
        let open = entry.recipients.filter { !$0.state.isFinished }
        queue_name =
            open.allSatisfy { $0.state == .held } ? "hold" : open.contains { $0.attempts > 0 } ? "deferred" : "active"
        queue_id = entry.id.description
        arrival_time = entry.arrived.microseconds / 1_000_000
        message_size = entry.size
        forced_expire = false
        sender = entry.reversePath.mailbox?.description ?? ""
        recipients = entry.recipients.map(Recipient.init)
        body = entry.options.body.rawValue
        smtputf8 = entry.options.smtputf8
        envelope_id = entry.options.envelopeID
    }
}

extension QueueRecord.Recipient {
    init(_ recipient: QueueEntry.Recipient) {
        address = recipient.recipient.address.description
        number = recipient.number
        state = recipient.state.name
        attempts = recipient.attempts
        next_attempt = recipient.state == .pending ? recipient.due.description : nil
        delay_reason = recipient.last?.diagnostic
        status = recipient.last?.status.description
    }
}
