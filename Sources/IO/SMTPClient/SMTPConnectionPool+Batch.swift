import SMTPCore

extension SMTPConnectionPool {
    /// Sends messages over one connection, and tells what became of each. Where the server offers PIPELINING and CHUNKING,
    /// many go out in one write. Another connection is made where one ends, for the messages that have not been begun.
    ///
    /// - Parameters:
    ///   - messages: of each, as many recipients as the server takes at once are tried, the first of them.
    ///   - timeout: how long each may take from when it is begun; nil where each wait has only its own time.
    /// - Returns: a result for each message, in order; where there was no session an `SMTPError`, or `CancellationError`.
    public func deliver(
        _ messages: [SMTPMessage], to endpoint: SMTPEndpoint, timeout: Duration? = nil
    ) async -> [Result<TransactionResult, any Error>] {
        var results: [Result<TransactionResult, any Error>] = []
        results.reserveCapacity(messages.count)
        while results.count < messages.count {
            do {
                let deadline = timeout.map { ContinuousClock.now + $0 }
                let lease = try await take(endpoint, connections: .max, mayFollow: false, deadline: deadline)
                results += try await deliver(messages[results.count...], over: lease, timeout: timeout).map {
                    .success($0)
                }
            } catch {
                // What keeps one from being begun keeps all.
                results += messages[results.count...].map { _ in .failure(error) }
            }
        }
        return results
    }

    /// - Returns: results of the first messages; of one at least, unless the connection had died while it was idle.
    private func deliver(
        _ messages: ArraySlice<SMTPMessage>, over lease: SMTPLease, timeout: Duration?
    ) async throws -> [TransactionResult] {
        let connection = lease.connection
        var some = messages.prefix(max(1, mostMessages(over: connection) - lease.messages))
        for index in some.indices where some[index].envelope.recipients.count > connection.mostRecipients {
            some[index].envelope.recipients = Array(some[index].envelope.recipients.prefix(connection.mostRecipients))
        }
        do {
            let results = try await connection.deliver(some, timeout: timeout)
            giveBack(lease, messages: max(1, results.count))
            let isDead = lease.isReused && results.first?.hasNotBegun == true
            // Those behind one with which the session ended go over another connection.
            let begun = results.prefix { $0.failure?.stage != .idle }
            return isDead ? [] : Array(begun)
        } catch let error as SMTPError {
            giveBack(lease)
            guard lease.isReused else { throw error }
            return []
        } catch {
            giveBack(lease)
            throw error
        }
    }
}
