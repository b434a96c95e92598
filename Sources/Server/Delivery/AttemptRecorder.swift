import MailCore
import NIOConcurrencyHelpers
import QueueCore

/// Has results made durable, without anybody waiting for each: those that come to the index together with their messages
/// cost least.
final class AttemptRecorder: Sendable {
    private struct State {
        /// Records that are not on disk yet.
        var outstanding = 0
        var failure: (any Error)?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let queue: any DeliveryQueue
    private let isDueAgain: @Sendable () -> Void
    private let failed: @Sendable () -> Void
    private let state = NIOLockedValueBox(State())

    /// - Parameters:
    ///   - isDueAgain: hears of results that leave something to be due.
    ///   - failed: hears when something could not be recorded.
    init(
        _ queue: any DeliveryQueue, isDueAgain: @escaping @Sendable () -> Void, failed: @escaping @Sendable () -> Void
    ) {
        self.queue = queue
        self.isDueAgain = isDueAgain
        self.failed = failed
    }

    /// Records, and returns at once.
    func record(_ attempts: [AttemptRecord]) {
        guard !attempts.isEmpty else { return }
        state.withLockedValue { $0.outstanding += 1 }
        let isDueAgain = attempts.contains { $0.results.contains(where: \.isDueAgain) }
        queue.record(attempts) { result in self.recorded(result, isDueAgain: isDueAgain) }
    }

    /// Returns when all is on disk.
    ///
    /// - Throws: what the queue says of the first thing that could not be recorded.
    func finish() async throws {
        await withCheckedContinuation { continuation in
            let isDone = state.withLockedValue { state in
                if state.outstanding > 0 { state.waiters.append(continuation) }
                return state.outstanding == 0
            }
            if isDone { continuation.resume() }
        }
        if let failure = state.withLockedValue(\.failure) { throw failure }
    }

    private func recorded(_ result: Result<Void, any Error>, isDueAgain: Bool) {
        switch result {
        case .success where isDueAgain: self.isDueAgain()
        case .success: break
        case .failure(let error):
            state.withLockedValue { $0.failure = $0.failure ?? error }
            failed()
        }
        let waiters = state.withLockedValue { state -> [CheckedContinuation<Void, Never>] in
            state.outstanding -= 1
            guard state.outstanding == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

extension RecipientResult {
    /// Whether the result leaves something that will be due.
    fileprivate var isDueAgain: Bool {
        if case .expanded = outcome.action { return true }
        return retryAt != nil
    }
}
