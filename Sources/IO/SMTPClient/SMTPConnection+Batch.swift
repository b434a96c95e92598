import NIOCore
public import SMTPCore

extension SMTPConnection {
    /// Sends messages, and tells what became of each. Where the server offers PIPELINING and CHUNKING, many go out in one
    /// write, and a round trip costs many messages nothing.
    ///
    /// - Parameter timeout: how long each may take from when it is begun; the session ends if one takes longer.
    /// - Returns: a result for each message that was begun, in order: fewer than messages if the session ended before.
    /// - Throws: `SMTPError` if the session had ended before, or `CancellationError`.
    public func deliver(
        _ messages: ArraySlice<SMTPMessage>, timeout: Duration? = nil
    ) async throws -> [TransactionResult] {
        let promise = channel.eventLoop.makePromise(of: [TransactionResult].self)
        return try await Self.wait(for: promise, driver: driver) {
            $0.begin(MessageBatch(messages, timeout: timeout.map { TimeAmount($0) }, promise: promise))
        }
    }
}
