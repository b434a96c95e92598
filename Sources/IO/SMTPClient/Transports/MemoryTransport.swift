public import MailCore
import SMTPCore
import Synchronization

/// Keeps mail in memory: for the tests of a program that sends some.
public final class MemoryTransport: MailTransport {
    private struct Waiter {
        let number: Int
        let address: EmailAddress?
        let continuation: CheckedContinuation<MailSubmission?, Never>
    }

    private struct State {
        var all: [MailSubmission] = []
        /// What `next` has not given out, by place in `all`.
        var unread: [Int] = []
        var waiters: [Waiter] = []
        var lastWaiter = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: the most messages that are kept; what comes then is refused.
    public init(limit: Int = 10_000) {
        self.limit = limit
    }

    /// Everything that was sent, the oldest first.
    public var submissions: [MailSubmission] { state.withLock(\.all) }

    public func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt {
        let (number, waiter) = try state.withLock { state in
            guard state.all.count < limit else { throw SMTPError(full: limit) }
            state.all.append(submission)
            let waiter = state.waiters.firstIndex { submission.isFor($0.address) }.map { state.waiters.remove(at: $0) }
            if waiter == nil { state.unread.append(state.all.count - 1) }
            return (state.all.count, waiter)
        }
        waiter?.continuation.resume(returning: submission)
        return MailReceipt(
            accepting: submission.envelope,
            SMTPReply(250, EnhancedStatusCode(.success, 0, 0), "queued as memory-\(number)"))
    }

    /// The oldest message that was not asked for yet, to anybody or to `address`; waits until there is one.
    ///
    /// - Throws: `MailNotSent` if none came in time, or `CancellationError`.
    public func next(
        to address: EmailAddress? = nil, timeout: Duration = .seconds(10)
    ) async throws -> MailSubmission {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let alarm = Task {
            try await Task.sleep(for: timeout)
            self.endWait(number)
        }
        defer { alarm.cancel() }
        let submission = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(Waiter(number: number, address: address, continuation: $0)) }
        } onCancel: {
            endWait(number)
        }
        if let submission { return submission }
        try Task.checkCancellation()
        throw MailNotSent(address: address, timeout: timeout, sent: submissions.count)
    }

    private func wait(_ waiter: Waiter) {
        let (isOver, submission) = state.withLock { state -> (Bool, MailSubmission?) in
            if let index = state.unread.firstIndex(where: { state.all[$0].isFor(waiter.address) }) {
                return (true, state.all[state.unread.remove(at: index)])
            }
            guard !Task.isCancelled else { return (true, nil) }
            state.waiters.append(waiter)
            return (false, nil)
        }
        if isOver { waiter.continuation.resume(returning: submission) }
    }

    private func endWait(_ number: Int) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: nil)
    }
}

/// A message that was waited for did not come.
public struct MailNotSent: Error, Hashable, Sendable, CustomStringConvertible {
    /// To whom; nil for anybody.
    public let address: EmailAddress?
    /// How long it was waited for.
    public let timeout: Duration
    /// How many messages were sent in all.
    public let sent: Int

    public var description: String {
        "no message\(address.map { " to \($0)" } ?? "") within \(timeout); \(sent) sent in all"
    }
}

extension MailSubmission {
    fileprivate func isFor(_ address: EmailAddress?) -> Bool {
        guard let address else { return true }
        return envelope.recipients.contains { $0.address == address }
    }
}

extension SMTPError {
    fileprivate init(full limit: Int) {
        let reply = SMTPReply(452, EnhancedStatusCode(.persistentTransientFailure, 3, 1), "\(limit) messages are kept")
        self.init(SessionFailure(stage: .endOfData, reason: .refused(reply)))
    }
}
