public import MailCore
public import SMTPCore

extension SMTPConnectionPool {
    /// Sends a message over a connection of the pool. A connection that has died while it was idle costs the message
    /// nothing: another one is made.
    ///
    /// - Parameters:
    ///   - envelope: as many recipients as the server takes at once are tried, the first of them; the result has that
    ///     many outcomes.
    ///   - deadline: when all of it must be over, waiting for a connection too; nil where each wait has only its own
    ///     time.
    /// - Throws: `SMTPError` if there is no session, or `CancellationError`.
    public func deliver(
        _ envelope: Envelope, _ content: SMTPContent, to endpoint: SMTPEndpoint,
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> TransactionResult {
        while true {
            var lease = try await take(endpoint, deadline: deadline)
            do {
                let result = try await lease.connection.deliver(envelope, content, deadline: deadline)
                let isDead = lease.isReused && result.hasNotBegun
                lease.messages += 1
                giveBack(lease)
                if !isDead { return result }
            } catch is SMTPError where lease.isReused {
                // The session had ended before the message was begun.
                giveBack(lease)
            } catch {
                giveBack(lease)
                throw error
            }
        }
    }
}

extension SMTPConnection {
    /// Recipients of one transaction: what every server must take (RFC 5321 §4.5.3.1.8).
    private static let mostRecipients = 100

    /// Sends a message to as many of the recipients as the server takes at once, the first of them; the result has that
    /// many outcomes.
    ///
    /// - Throws: `SMTPError` if the session had ended before, or `CancellationError`.
    public func deliver(
        _ envelope: Envelope, _ content: SMTPContent, deadline: ContinuousClock.Instant? = nil
    ) async throws -> TransactionResult {
        var envelope = envelope
        let most = max(1, min(Self.mostRecipients, extensions.limit("RCPTMAX") ?? Self.mostRecipients))
        if envelope.recipients.count > most { envelope.recipients = Array(envelope.recipients.prefix(most)) }
        switch content {
        case .memory(let message): return try await deliver(envelope, message, deadline: deadline)
        case .file(let prefix, let path, let offset, let length):
            let pieces = FilePieces(prefix: prefix, path: path, offset: offset, length: length)
            return try await deliver(envelope, size: content.size, pieces: pieces, deadline: deadline)
        }
    }
}

extension TransactionResult {
    /// Whether the session ended before the server had answered anything about the message.
    fileprivate var hasNotBegun: Bool {
        guard let failure, failure.stage == .mail || failure.stage == .idle else { return false }
        switch failure.reason {
        case .closedByServer: return true
        case .refused(let reply): return reply.code == 421
        case .timedOut, .violation, .tls, .authentication, .abandoned: return false
        }
    }
}
