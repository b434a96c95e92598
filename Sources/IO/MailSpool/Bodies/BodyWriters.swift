/// The threads that write the files of large bodies, so that no event loop waits for the disk.
final class BodyWriters: Sendable {
    private let work = BatchQueue<@Sendable () -> Void>()
    private let threads: [WorkerThread]

    init(count: Int) {
        threads = (0..<max(count, 1)).map { [work] _ in
            WorkerThread {
                while let next = work.takeOne() { next() }
            }
        }
    }

    /// Has `body` run on one of the threads; false after `close`.
    @discardableResult
    func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        work.add(body)
    }

    /// Does what waits and ends. To be called once.
    func close() {
        work.close()
        for thread in threads { thread.join() }
    }
}
