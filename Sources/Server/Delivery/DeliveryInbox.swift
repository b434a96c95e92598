import MailCore
import NIOConcurrencyHelpers
import NIOCore
import QueueCore

/// Holds messages that have just arrived until a worker takes them. It is small: what doesn't fit stays in the queue and
/// is claimed from there.
final class DeliveryInbox: Sendable {
    private struct State {
        var messages: [QueuedMessage] = []
        var octets = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
        var isClosed = false
        var hasOverflowed = false
    }

    private static let maximumMessages = 2_000
    private static let maximumOctets = 32 * 1_024 * 1_024

    private let state = NIOLockedValueBox(State())

    /// Takes messages from the front as far as there is room.
    ///
    /// - Returns: how many were taken.
    func offer(_ messages: [QueuedMessage]) -> Int {
        let (taken, waiters) = state.withLockedValue { state -> (Int, [CheckedContinuation<Void, Never>]) in
            guard !state.isClosed else { return (0, []) }
            var taken = 0
            for message in messages {
                guard state.messages.count < Self.maximumMessages, state.octets < Self.maximumOctets else { break }
                state.messages.append(message)
                state.octets += message.memoryOctets
                taken += 1
            }
            if taken < messages.count { state.hasOverflowed = true }
            defer { state.waiters = [] }
            return (taken, state.waiters)
        }
        for waiter in waiters { waiter.resume() }
        return taken
    }

    /// How long more messages are waited for when they come one after the other: together they cost less.
    private static let gatherTime = Duration.milliseconds(10)

    /// The oldest messages, at most `limit`; waits until there is one. Empty once the inbox is closed.
    ///
    /// - Parameter gathers: whether to wait a moment for more.
    func next(limit: Int, gathers: Bool) async -> [QueuedMessage] {
        if gathers, count < limit { try? await Task.sleep(for: Self.gatherTime) }
        while true {
            let (batch, isClosed) = take(limit)
            if !batch.isEmpty || isClosed { return batch }
            await withCheckedContinuation { continuation in
                let mayWait = state.withLockedValue { state in
                    guard state.messages.isEmpty, !state.isClosed else { return false }
                    state.waiters.append(continuation)
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        }
    }

    private var count: Int { state.withLockedValue(\.messages.count) }

    private func take(_ limit: Int) -> ([QueuedMessage], Bool) {
        state.withLockedValue { state in
            let batch = Array(state.messages.prefix(limit))
            state.messages.removeFirst(batch.count)
            for message in batch { state.octets -= message.memoryOctets }
            return (batch, state.isClosed)
        }
    }

    /// Whether something did not fit since this was asked last.
    func takeOverflow() -> Bool {
        state.withLockedValue { state in
            defer { state.hasOverflowed = false }
            return state.hasOverflowed
        }
    }

    /// Takes no more, and forgets what nobody has begun with; the queue still has it.
    func close() {
        let waiters = state.withLockedValue { state in
            state.isClosed = true
            (state.messages, state.octets) = ([], 0)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

extension QueuedMessage {
    /// How much memory its content takes.
    var memoryOctets: Int {
        guard case .memory(let body) = content.body else { return content.prefix.readableBytes }
        return content.prefix.readableBytes + body.readableBytes
    }
}
