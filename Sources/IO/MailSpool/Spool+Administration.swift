import MailCore
import Synchronization

/// What a person does to the queue.
extension Spool {
    /// Changes the recipients that a filter means, in one transaction. Recipients in flight are passed over, and those
    /// in states that the change does not go with are not meant.
    ///
    /// - Parameters:
    ///   - limit: the most messages that are changed, the oldest first.
    ///   - isRehearsal: whether only to say what would be hit.
    /// - Returns: what was hit, on disk.
    public func change(
        _ change: QueueChange, _ filter: QueueFilter, limit: Int, isRehearsal: Bool = false
    ) async throws(SpoolError) -> [QueueHit] {
        try await onIndexThread { writer in
            try writer.change(change, filter, limit: limit, isRehearsal: isRehearsal)
        }
    }

    /// Reads everything and says what is not as it should be. What is damaged is copied into `damaged/`, and its
    /// recipients are held; nothing is deleted, and whoever works with the spool goes on meanwhile.
    public func check() async throws(SpoolError) -> SpoolCheckReport {
        var (report, suspects) = try await firstLook()
        for id in suspects {
            let finding = try await onIndexThread { writer in try writer.setAsideIfDamaged(id) }
            if let finding { report.findings.append(finding) }
        }
        if try await !onIndexThread({ writer in try writer.isUseRight() }) {
            report.findings.append(
                SpoolCheckReport.Finding(text: "what is counted as living in the log is not what the index holds"))
        }
        report.findings += recovery.setAside.map { file in
            SpoolCheckReport.Finding(text: "what could not be read at the start was set aside", setAside: [file])
        }
        return report
    }

    /// On a thread of its own, for it waits for the disk all the time.
    private func firstLook() async throws(SpoolError) -> (SpoolCheckReport, [QueueID]) {
        try await onIndexThread { _ in }
        let check = SpoolCheck(index: index, catalogue: catalogue, now: now())
        let look: @Sendable () -> Result<(SpoolCheckReport, [QueueID]), SpoolError> = {
            Result {
                var check = check
                try check.run()
                return (check.report, check.suspects)
            }.mapError { $0 as? SpoolError ?? .index("\($0)") }
        }
        let thread = Mutex<WorkerThread?>(nil)
        let result = await withCheckedContinuation { continuation in
            thread.withLock { $0 = WorkerThread("spool-check") { continuation.resume(returning: look()) } }
        }
        thread.withLock { $0 }?.join()
        return try result.get()
    }

    /// Runs a closure on the index's thread, behind all that was committed and recorded before.
    func onIndexThread<Value: Sendable>(
        _ body: @escaping @Sendable (IndexWriter) throws -> Value
    ) async throws(SpoolError) -> Value {
        let result: Result<Value, SpoolError> = await withCheckedContinuation { continuation in
            let run: @Sendable (IndexWriter) -> Void = { writer in
                continuation.resume(
                    returning: Result { try body(writer) }.mapError { $0 as? SpoolError ?? .index("\($0)") })
            }
            indexWriter.add(
                .administer(run: run, refuse: { continuation.resume(returning: .failure($0)) }), isUrgent: true)
        }
        return try result.get()
    }
}
