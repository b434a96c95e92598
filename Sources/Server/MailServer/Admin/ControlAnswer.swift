import Delivery
package import FoundationEssentials
import MailCore
import MailSpool
import QueueCore

/// What is answered, one line after the other: messages or counts, and an error in place of what could not be had.
package enum ControlAnswer: Codable, Sendable {
    case message(QueueRecord)
    case page(QueuePage)
    /// A piece of a message's octets.
    case content(Data)
    case count(QueueSummary)
    case hit(QueueHitRecord)
    /// A queue ID that was named and is not in the queue.
    case missing(String)
    case finding(CheckFinding)
    case checked(CheckSummary)
    /// The configuration was read again; the keys that count only after a restart.
    case reloaded(restart: [String])
    /// A message for the terminal of a user who is watched, line by line.
    case shown([String])
    /// What was said or done, for a person.
    case said(String)
    case failure(String)
    /// Another server did not do what it was asked for, for this reason.
    case unserved(String, ServerFailure)
    /// Nothing follows.
    case end
}

/// Why another server did not do what it was asked for.
package enum ServerFailure: String, Codable, Sendable {
    /// It was not encrypted as it should be.
    case encryption
    /// It may do so later, or could not be reached.
    case temporary
    /// It will not.
    case permanent
}

/// The size of a queue.
package struct QueueSummary: Codable, Sendable {
    package let messages: Int
    package let octets: UInt64
    /// Recipients by the name of their state.
    package let recipients: [String: Int]

    init(_ counts: QueueCounts) {
        messages = counts.messages
        octets = counts.octets
        recipients = Dictionary(uniqueKeysWithValues: counts.recipients.map { ($0.key.name, $0.value) })
    }
}

/// Messages of a list, written out in the form that was asked for: to read many of them one by one takes longer than to
/// list them.
package struct QueuePage: Codable, Sendable {
    package let messages: Int
    package let octets: UInt64
    /// Octets of the text. It goes behind the line of the answer as it is, for a text within JSON takes longer to read.
    let length: UInt32
    /// Whole lines.
    package internal(set) var text: Data = Data()

    private enum CodingKeys: String, CodingKey {
        case messages, octets, length
    }

    init(_ entries: [QueueEntry], _ form: QueueRequest.Form, _ filter: QueueFilter) {
        messages = entries.count
        octets = entries.reduce(0) { $0 + $1.size }
        text =
            switch form {
            case .text: Data(entries.reduce(into: "") { $0 += Self.lines(of: $1, filter) + "\n" }.utf8)
            case .json: Self.objects(entries)
            }
        length = UInt32(text.count)
    }

    private static func objects(_ entries: [QueueEntry]) -> Data {
        var json = JSONWriter()
        for entry in entries {
            QueueRecord(entry).write(to: &json)
            json.endLine()
        }
        return Data(json.octets)
    }

    /// People see the recipients that the filter asks for; without such a filter, those that something is still due to.
    private static func lines(of entry: QueueEntry, _ filter: QueueFilter) -> String {
        guard filter.narrowsRecipients else { return QueueListing.lines(of: QueueRecord(entry)) }
        var entry = entry
        entry.recipients.removeAll { !filter.includes($0) }
        return QueueListing.lines(of: QueueRecord(entry), all: true)
    }
}

/// A message that a change hit.
package struct QueueHitRecord: Codable, Sendable {
    package struct Recipient: Codable, Sendable {
        package let address: String
        package let number: Int
        /// Whether an attempt is under way, so that the recipient was passed over.
        package let inFlight: Bool
        /// For `release`: the route that holds the recipient again at once, and whose it is.
        package let heldBy: String?

        private enum CodingKeys: String, CodingKey {
            case address, number
            case inFlight = "in_flight"
            case heldBy = "held_by"
        }
    }

    package let queueID: String
    /// Empty for the null reverse path.
    package let sender: String
    package let recipients: [Recipient]

    private enum CodingKeys: String, CodingKey {
        case sender, recipients
        case queueID = "queue_id"
    }

    /// - Parameter heldBy: what says whether a route holds the recipients again; nil where they are not let go.
    init(_ hit: QueueHit, heldBy settings: DeliverySettings? = nil) {
        queueID = hit.id.description
        sender = hit.reversePath.mailbox?.description ?? ""
        recipients = hit.recipients.map { recipient in
            Recipient(
                address: recipient.address.description, number: recipient.number, inFlight: recipient.isInFlight,
                heldBy: settings.flatMap { recipient.holder(in: $0) })
        }
    }
}

extension QueueHit.Recipient {
    fileprivate func holder(in settings: DeliverySettings) -> String? {
        guard settings.nextHop(of: address, route: route) == .hold else { return nil }
        return route == nil
            ? "the route \"hold\" of the configuration" : "the route \"hold\" that was chosen for it"
    }
}
