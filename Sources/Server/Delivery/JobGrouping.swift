import MailCore
import QueueCore

extension DeliveryJob {
    /// Who the message is from on its way to these recipients; all of a job have the same.
    var reversePath: ReversePath { recipients.first?.reversePath ?? message.reversePath }
}

/// The recipients of one message that go to other systems, put together by where they go and who hears about them.
struct JobGrouping {
    private struct Key: Hashable {
        let destination: Destination
        let reversePath: ReversePath?
    }

    private var groups: [Key: [QueuedRecipient]] = [:]
    private var order: [Key] = []

    mutating func add(_ recipient: QueuedRecipient, to destination: Destination) {
        let key = Key(destination: destination, reversePath: recipient.reversePath)
        if groups[key] == nil { order.append(key) }
        groups[key, default: []].append(recipient)
    }

    /// One job for each destination, in the order of the first recipients.
    func jobs(for message: QueuedMessage) -> [DeliveryJob] {
        order.map { DeliveryJob(message: message, recipients: groups[$0] ?? [], destination: $0.destination) }
    }
}
