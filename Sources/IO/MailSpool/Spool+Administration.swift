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
