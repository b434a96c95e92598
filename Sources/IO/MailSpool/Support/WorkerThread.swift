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

    /// - Parameter name: what tools for looking at threads show, at most 15 octets.
    init(_ name: StaticString, _ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(
            Body {
                Self.nameThisThread(name)
                run()
            })
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

    private static func nameThisThread(_ name: StaticString) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name.utf8Start, name.utf8CodeUnitCount)
        close(file)
    }

    /// Returns when the thread has ended. To be called once.
    func join() {
        pthread_join(thread, nil)
    }
}
