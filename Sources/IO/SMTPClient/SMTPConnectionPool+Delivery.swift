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
        try await deliver(to: endpoint, deadline: deadline) { _ in (envelope, content) }
    }

    /// Sends a message whose form depends on what the server offers.
    ///
    /// - Parameter prepare: told what the server offers, gives envelope and message as it can take them; called again
    ///   where the connection has died. What it throws ends the attempt, and the connection is there for the next one.
    public func deliver(
        to endpoint: SMTPEndpoint, deadline: ContinuousClock.Instant? = nil,
        _ prepare: @Sendable (ServerExtensions) async throws -> (Envelope, SMTPContent)
    ) async throws -> TransactionResult {
        while true {
            var lease = try await take(endpoint, deadline: deadline)
            do {
                let (envelope, content) = try await prepare(lease.connection.extensions)
                let result = try await lease.connection.deliver(
                    envelope, content, limit: Self.mostRecipients, deadline: deadline)
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

    /// Recipients of one transaction: what every server must take (RFC 5321 §4.5.3.1.8).
    private static let mostRecipients = 100
}

extension SMTPConnection {
    fileprivate func deliver(
        _ envelope: Envelope, _ content: SMTPContent, limit: Int, deadline: ContinuousClock.Instant?
    ) async throws -> TransactionResult {
        var envelope = envelope
        let most = max(1, min(limit, extensions.limit("RCPTMAX") ?? limit))
        if envelope.recipients.count > most { envelope.recipients = Array(envelope.recipients.prefix(most)) }
        switch content {
        case .memory(let message): return try await deliver(envelope, message, deadline: deadline)
        case .file(let prefix, let path, let offset, let length):
            let pieces = FilePieces(prefix: prefix, path: path, offset: offset, length: length)
            return try await deliver(envelope, size: content.size, pieces: pieces, deadline: deadline)
        case .pieces(let size, let pieces):
            return try await deliver(envelope, size: size, pieces: pieces, deadline: deadline)
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
        case .timedOut, .violation, .tls, .abandoned: return false
        }
    }
}
