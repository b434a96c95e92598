import NIOConcurrencyHelpers

/// Wakes one waiter, at once or at a time. A ring while nobody waits is kept.
final class Doorbell: Sendable {
    private struct State {
        var hasRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    func ring() {
        let waiter = state.withLockedValue { state in
            if state.waiter == nil { state.hasRung = true }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when the bell rings, `timeout` is over, or the task is cancelled.
    func wait(atMost timeout: Duration) async {
        let timer = Task {
            try? await Task.sleep(for: timeout)
            if !Task.isCancelled { ring() }
        }
        defer { timer.cancel() }
        await wait()
    }

    /// Returns when the bell rings, or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = state.withLockedValue { state in
                    if state.hasRung {
                        state.hasRung = false
                        return false
                    }
                    state.waiter = continuation
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
