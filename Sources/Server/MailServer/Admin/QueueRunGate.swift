import Synchronization

/// Lets so many requests to the queue run at once that come from the network, and no more.
final class QueueRunGate: Sendable {
    private static let most = 4
    private let running = Mutex(0)

    func enter() -> Bool {
        running.withLock { running in
            guard running < Self.most else { return false }
            running += 1
            return true
        }
    }

    func leave() { running.withLock { $0 -= 1 } }
}
