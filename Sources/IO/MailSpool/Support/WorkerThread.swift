import Glibc

/// A thread of the spool's own, for work that waits for the disk.
final class WorkerThread: @unchecked Sendable {
    // Written once by `init`, read by `join`.
    private var thread = pthread_t()

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    init(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run))
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                body.run()
                return nil
            }, body.toOpaque())
        precondition(result == 0, "no thread can be started")
    }

    /// Returns when the thread has ended. To be called once.
    func join() {
        pthread_join(thread, nil)
    }
}
