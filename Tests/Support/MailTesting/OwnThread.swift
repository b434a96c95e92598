import Foundation

/// Runs what blocks on a thread of its own, so that no task has to wait for it.
///
/// - Throws: whatever the closure throws.
public func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
