import Delivery
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
        package let nextAttempt: String?
        /// What the last attempt came to, while the recipient waits.
        package let delayReason: String?
        /// What the last attempt came to.
        package let diagnostic: String?
        package let status: String?
        /// The route that a person chose; nothing for that of the configuration.
        package let route: String?
        /// What the sender is still to be told, such as `failed`: until then the message stays.
        package let reportDue: String?
        /// When the sender wants to hear of it, as NOTIFY said: `NEVER`, or some of `SUCCESS`, `FAILURE` and `DELAY`
        /// (RFC 3461 §4.1); nothing if the sender did not say.
        package let notify: String?
        /// ORCPT, such as `rfc822;ann@example.org` (RFC 3461 §4.2).
        package let originalRecipient: String?
        /// For a message that is shown alone: where it goes when it is tried, such as `mx:example.net`,
        /// `smtp://host:port`, `maildir:/path` or `hold`; only while the recipient waits.
        package internal(set) var nextHop: String?
        /// Likewise: the host that was spoken to last, in the attempt that `diagnostic` and `last_attempt` are of.
        package internal(set) var remoteHost: String?
        package internal(set) var lastAttempt: String?

        private enum CodingKeys: String, CodingKey {
            case address, number, state, attempts, diagnostic, status, route, notify
            case nextHop = "next_hop"
            case remoteHost = "remote_host"
            case lastAttempt = "last_attempt"
            case originalRecipient = "original_recipient"
            case reportDue = "report_due"
            case nextAttempt = "next_attempt"
            case delayReason = "delay_reason"
        }
    }

    /// `hold` if all that is left waits for a person, else `active` before and `deferred` after the first attempt.
    package let queueName: String
    package let queueID: String
    /// Seconds since 1970.
    package let arrivalTime: Int64
    /// Octets.
    package let messageSize: UInt64
    package let forcedExpire: Bool
    /// Empty for the null reverse path.
    package let sender: String
    package private(set) var recipients: [Recipient]
    package let body: String
    package let smtputf8: Bool
    package let envelopeID: String?
    /// RET: `FULL` or `HDRS`, what a report brings back of the message (RFC 3461 §4.3).
    package let returns: String?

    private enum CodingKeys: String, CodingKey {
        case sender, recipients, body, smtputf8
        case queueName = "queue_name"
        case queueID = "queue_id"
        case arrivalTime = "arrival_time"
        case messageSize = "message_size"
        case forcedExpire = "forced_expire"
        case envelopeID = "envelope_id"
        case returns = "return"
    }

    init(_ entry: QueueEntry) {
        let open = entry.recipients.filter { !$0.state.isFinished }
        queueName =
            !open.isEmpty && open.allSatisfy { $0.state == .held }
            ? "hold" : open.contains { $0.attempts > 0 } ? "deferred" : "active"
        queueID = entry.id.description
        arrivalTime = entry.arrived.microseconds / 1_000_000
        messageSize = entry.size
        forcedExpire = false
        sender = entry.reversePath.mailbox?.description ?? ""
        recipients = entry.recipients.map(Recipient.init)
        body = entry.options.body.rawValue
        smtputf8 = entry.options.smtputf8
        envelopeID = entry.options.envelopeID
        returns = entry.options.return?.rawValue
    }

    /// With what is told of one message alone.
    ///
    /// - Parameter settings: what says where the recipients go; nil where that is not known.
    init(alone entry: QueueEntry, _ settings: DeliverySettings?) {
        self.init(entry)
        for (index, recipient) in zip(recipients.indices, entry.recipients) {
            recipients[index].add(recipient, settings)
        }
    }
}

extension QueueRecord.Recipient {
    init(_ recipient: QueueEntry.Recipient) {
        address = recipient.recipient.address.description
        number = recipient.number
        state = recipient.state.name
        attempts = recipient.attempts
        nextAttempt = recipient.state == .pending ? recipient.due.description : nil
        delayReason = recipient.state.isFinished ? nil : recipient.last?.diagnostic
        diagnostic = recipient.last?.diagnostic
        status = recipient.last?.status.description
        route = recipient.route?.description
        reportDue = recipient.reportDue?.name
        notify = recipient.recipient.notify.map(Self.text(of:))
        originalRecipient = recipient.recipient.original?.description
    }

    fileprivate mutating func add(_ recipient: QueueEntry.Recipient, _ settings: DeliverySettings?) {
        if !recipient.state.isFinished {
            nextHop =
                settings?.nextHop(of: recipient.recipient.address, route: recipient.route, depth: recipient.depth)
                .description
        }
        remoteHost = recipient.last?.remoteHost
        lastAttempt = recipient.attempts > 0 ? recipient.last?.at.description : nil
    }

    private static func text(of notify: NotifyConditions) -> String {
        let names: [(NotifyConditions, String)] = [(.success, "SUCCESS"), (.failure, "FAILURE"), (.delay, "DELAY")]
        let meant = names.filter { notify.contains($0.0) }.map(\.1)
        return meant.isEmpty ? "NEVER" : meant.joined(separator: ",")
    }
}
