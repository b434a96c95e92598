import MailCore
import MailSpool
import QueueCore

/// What is asked of a queue, over the control socket or in this process.
package struct QueueRequest: Codable, Equatable, Sendable {
    package enum Command: String, Codable, Sendable {
        case list, show, count
    }

    package var command: Command
    /// For `show`.
    package var id: String?
    /// Only messages with a recipient in this state.
    package var state: String?
    /// Only messages from, or to, addresses with this text in them.
    package var sender: String?
    package var recipient: String?
    /// The most messages that are listed; nil for all.
    package var limit: Int?

    package init(_ command: Command) {
        self.command = command
    }

    var hasUnknownState: Bool { state.map { !Self.states.contains($0) } ?? false }

    var filter: QueueFilter {
        let states = state.flatMap { name in RecipientState.allCases.first { $0.name == name } }
        return QueueFilter(states: states.map { [$0] }, recipient: recipient, sender: sender)
    }
}

/// What is answered, one line after the other: messages or counts, and an error in place of what could not be had.
package enum QueueAnswer: Codable, Sendable {
    case message(QueueRecord)
    case count(QueueSummary)
    case failure(String)
    /// Nothing follows.
    case end
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

extension QueueRequest {
    /// The names that `state` may have.
    package static let states = RecipientState.allCases.map(\.name)
}
