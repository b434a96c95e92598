import MailCore
import Synchronization

/// The recipients that were given out and whose outcome is not recorded yet. It is never stored.
final class InFlight: Sendable {
    private let recipients = Mutex<[QueueID: Set<Int>]>([:])
    // The usual message has one recipient; then its set is this one, which costs no allocation of its own.
    private static let first: Set<Int> = [0]

    /// Takes all recipients of messages that have just arrived.
    func add(arrived messages: some Sequence<(id: QueueID, count: Int)>) {
        recipients.withLock { recipients in
            for (id, count) in messages { recipients[id] = count == 1 ? Self.first : Set(0..<count) }
        }
    }

    func add(_ id: QueueID, _ numbers: some Sequence<Int>) {
        recipients.withLock { $0[id, default: []].formUnion(numbers) }
    }

    func remove(_ ids: some Sequence<QueueID>) {
        recipients.withLock { recipients in
            for id in ids { recipients[id] = nil }
        }
    }

    func remove(_ id: QueueID, _ numbers: some Sequence<Int>) {
        recipients.withLock { recipients in
            guard var left = recipients.removeValue(forKey: id) else { return }
            for number in numbers { left.remove(number) }
            if !left.isEmpty { recipients[id] = left }
        }
    }

    func contains(_ id: QueueID, _ number: Int) -> Bool {
        recipients.withLock { $0[id]?.contains(number) ?? false }
    }

    func contains(_ id: QueueID) -> Bool {
        recipients.withLock { $0[id] != nil }
    }
}
