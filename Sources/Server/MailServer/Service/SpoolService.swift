import MailSpool
import ServiceLifecycle
import Synchronization

/// Holds the spool open as long as the server runs. It is the last to go: everything else puts something into it.
struct SpoolService: Service {
    let spool: Spool
    let failure: SpoolFailureSignal

    /// - Throws: why the spool stopped by itself.
    func run() async throws {
        let error = await withGracefulShutdownHandler {
            await failure.wait()
        } onGracefulShutdown: {
            failure.finish()
        }
        spool.close()
        if let error { throw error }
    }
}

/// Carries the news that the spool has failed to whoever waits for it.
final class SpoolFailureSignal: Sendable {
    private let stream: AsyncStream<SpoolError>
    private let continuation: AsyncStream<SpoolError>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    func report(_ error: SpoolError) {
        continuation.yield(error)
        continuation.finish()
    }

    func finish() { continuation.finish() }

    /// The failure, or nil once there will be none.
    func wait() async -> SpoolError? {
        for await error in stream { return error }
        return nil
    }
}
