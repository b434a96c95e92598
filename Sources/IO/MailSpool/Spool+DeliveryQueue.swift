public import MailCore
public import QueueCore

extension Spool: DeliveryQueue {
    public func onArrival(_ receiver: @escaping @Sendable ([QueuedMessage]) -> Int) {
        self.receiver.set(receiver)
    }

    public func claim(dueBy time: Timestamp, limit: Int) async throws -> [QueuedMessage] {
        try await withCheckedThrowingContinuation { continuation in
            indexWriter.add(
                .claim(dueBy: time, limit: limit) { continuation.resume(with: $0.mapError { $0 as any Error }) },
                isUrgent: true)
        }
    }

    public func nextDue() async throws -> Timestamp? {
        try await withCheckedThrowingContinuation { continuation in
            indexWriter.add(
                .nextDue { continuation.resume(with: $0.mapError { $0 as any Error }) }, isUrgent: true)
        }
    }

    public func pullIn(dueAfter horizon: Timestamp, to time: Timestamp) async throws -> Int {
        try await onIndexThread { writer in try writer.pullIn(dueAfter: horizon, to: time) }
    }

    public func record(
        _ attempts: [AttemptRecord], completion: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        indexWriter.add(.attempts(attempts) { completion($0.mapError { $0 as any Error }) })
    }

    /// As `record(_:completion:)`; returns when the results are on disk.
    public func record(_ attempts: [AttemptRecord]) async throws {
        try await withCheckedThrowingContinuation { continuation in
            record(attempts) { continuation.resume(with: $0) }
        }
    }

    /// Returns when all that was committed and recorded before is in the index.
    public func flush() async throws {
        try await withCheckedThrowingContinuation { continuation in
            indexWriter.add(
                .flush { continuation.resume(with: $0.mapError { $0 as any Error }) }, isUrgent: true)
        }
    }
}
