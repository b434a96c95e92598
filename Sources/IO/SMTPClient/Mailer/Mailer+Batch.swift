public import MailMIME

extension Mailer {
    /// Messages that are in memory at a time, and their octets.
    private static let most = (messages: 256, octets: 4 << 20)

    /// Composes messages and hands them over, which costs less than one by one: where the server offers PIPELINING and
    /// CHUNKING, many go out in one write.
    ///
    /// - Parameters:
    ///   - messages: taken from the sequence as they are sent.
    ///   - timeout: how long each may take; nil for what the mailer was made with.
    /// - Returns: a result for each message, in order: what `send(_:envelope:timeout:)` returns or throws. If the task is
    ///   cancelled, the rest have `CancellationError`.
    public func send(
        contentsOf messages: some Sequence<MailMessage>, timeout: Duration? = nil
    ) async -> [Result<MailReceipt, any Error>] {
        var results: [Result<MailReceipt, any Error>] = []
        var batch: [Result<MailSubmission, any Error>] = []
        var octets = 0
        for message in messages {
            let submission = await compose(message)
            if case .success(let submission) = submission { octets += submission.content.count }
            batch.append(submission)
            if batch.count == Self.most.messages || octets >= Self.most.octets {
                results += await deliver(batch, timeout: timeout ?? self.timeout)
                (batch, octets) = ([], 0)
            }
        }
        return results + (await deliver(batch, timeout: timeout ?? self.timeout))
    }

    private func compose(_ message: MailMessage) async -> Result<MailSubmission, any Error> {
        do {
            let envelope = Envelope(for: message)
            guard !envelope.recipients.isEmpty else { throw SMTPError.noRecipient }
            let content = try await MessageComposition.content(of: message, limit: largestMessage)
            return .success(MailSubmission(envelope: envelope, content: content, message: message))
        } catch {
            return .failure(error)
        }
    }

    private func deliver(
        _ batch: [Result<MailSubmission, any Error>], timeout: Duration
    ) async -> [Result<MailReceipt, any Error>] {
        var results =
            batch.map { submission in submission.flatMap { _ in .failure(CancellationError()) } }
            as [Result<MailReceipt, any Error>]
        var pending = batch.indices.filter { if case .success = batch[$0] { true } else { false } }
        var pause = retry.pause
        for attempt in 1...max(1, retry.attempts) where !pending.isEmpty && !Task.isCancelled {
            let submissions = pending.compactMap { try? batch[$0].get() }
            for (index, result) in zip(pending, await transport.deliver(submissions, timeout: timeout)) {
                results[index] = result
            }
            pending.removeAll { !results[$0].isRepeatable }
            guard attempt < retry.attempts, !pending.isEmpty else { break }
            try? await Task.sleep(for: pause)
            pause *= 2
        }
        return results
    }
}

extension Result<MailReceipt, any Error> {
    /// Whether the message was certainly not taken, and may be tried again.
    fileprivate var isRepeatable: Bool {
        if case .failure(let error as SMTPError) = self { error.isRepeatable } else { false }
    }
}
