import Foundation

/// How long tests wait for what should come soon: so long that it also comes on a machine with much else to do. Only what
/// hangs ever waits to its end.
public let patience = Duration.seconds(240)

/// Waits until the closure gives a value, asking again at short intervals: the one place where tests wait for
/// something outside the process.
///
/// - Throws: `NeverHappened` when the timeout has passed, and whatever the closure throws.
public func eventually<Value>(
    _ what: String, timeout: Duration = patience, every interval: Duration = .milliseconds(5),
    isolation: isolated (any Actor)? = #isolation, _ look: nonisolated(nonsending) () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + timeout
    while true {
        if let value = try await look() { return value }
        guard ContinuousClock.now < deadline else { throw NeverHappened(what: what, timeout: timeout) }
        try await Task.sleep(for: interval)
    }
}

/// What a test waited for did not come in time.
public struct NeverHappened: Error, CustomStringConvertible {
    public let what: String
    public let timeout: Duration

    public var description: String { "\(what): not within \(timeout)" }
}
