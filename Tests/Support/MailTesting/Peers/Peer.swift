public import Testing

/// A mail server that somebody else wrote, or one that misbehaves, run beside a test on a free port of the loopback,
/// with all it writes in a temporary folder.
public protocol Peer: Sendable {
    /// What it has written about itself.
    var log: String { get }

    /// Starts it and waits until it takes connections.
    func start() async throws

    /// Asks it to end and waits until it has.
    func stop() async throws
}

extension Peer {
    /// Runs it around the closure. Where the closure fails, so does the test, with the peer's log.
    public func whileRunning<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: (Self) async throws -> Value
    ) async throws -> Value {
        do {
            try await start()
            let value = try await body(self)
            try await stop()
            return value
        } catch {
            Issue.record("\(error)\nThe log of \(Self.self):\n\(log)")
            try? await stop()
            throw error
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where `scripts/peers` has unpacked nothing or its peers cannot run, which takes root; under
    /// `MARTLET_CI` the test runs, and fails.
    public static var requiresPeers: Self {
        .enabled("needs root, and the peers that scripts/setup test unpacks") {
            if Tool.isMandatory { return true }
            guard let peers = Tool.find("with-peers") else { return false }
            return try await run(peers, ["true"]).status == 0
        }
    }
}
