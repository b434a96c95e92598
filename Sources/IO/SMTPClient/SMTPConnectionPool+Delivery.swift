public import MailCore
import NIOCore
public import SMTPCore

extension SMTPConnectionPool {
    /// Sends a message over a connection of the pool. A connection that has died while it was idle costs the message
    /// nothing: another one is made.
    ///
    /// - Parameters:
    ///   - envelope: as many recipients as the server takes at once are tried, the first of them; the result has that
    ///     many outcomes.
    ///   - connections: how many there may be to the endpoint now; within the limits of the pool. With all in use, a
    ///     message in memory goes right behind others where the server offers PIPELINING.
    ///   - deadline: when all of it must be over, waiting for a connection too; nil where each wait has only its own
    ///     time.
    /// - Throws: `SMTPError` if there is no session, or `CancellationError`.
    public func deliver(
        _ envelope: Envelope, _ content: SMTPContent, to endpoint: SMTPEndpoint, connections: Int? = nil,
        deadline: ContinuousClock.Instant? = nil
    ) async throws -> TransactionResult {
        try await deliver(
            to: endpoint, connections: connections, mayFollow: content.mayFollow, deadline: deadline
        ) { _ in (envelope, content) }
    }

    /// Sends a message whose form depends on what the server offers.
    ///
    /// - Parameters:
    ///   - mayFollow: whether the message may go right behind others, and others behind it: a short one in memory.
    ///   - prepare: told what the server offers, gives envelope and message as it can take them; called again where the
    ///     connection has died. What it throws ends the attempt, and the connection is there for the next one.
    public func deliver(
        to endpoint: SMTPEndpoint, connections: Int? = nil, mayFollow: Bool = false,
        deadline: ContinuousClock.Instant? = nil,
        _ prepare: @Sendable (ServerExtensions) async throws -> (Envelope, SMTPContent)
    ) async throws -> TransactionResult {
        while true {
            let lease = try await take(
                endpoint, connections: connections ?? .max, mayFollow: mayFollow, deadline: deadline)
            do {
                let (envelope, content) = try await prepare(lease.connection.extensions)
                let result = try await lease.connection.deliver(envelope, content, deadline: deadline)
                let isDead = lease.isReused && result.hasNotBegun
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
    /// Octets of a message in memory behind which another one may wait.
    static let longestFollowed = 1 << 20

    /// Messages that may be begun before the first of them is answered.
    var mostTransactions: Int {
        guard extensions.pipelining else { return 1 }
        return extensions.chunking ? 2 * SMTPClientMachine.mostTogether : 2
    }

    /// Recipients of one transaction: what every server must take (RFC 5321 §4.5.3.1.8).
    private static let mostRecipients = 100

    /// Recipients that the server takes in one transaction.
    var mostRecipients: Int {
        max(1, min(Self.mostRecipients, extensions.limit("RCPTMAX") ?? Self.mostRecipients))
    }

    /// Sends a message to as many of the recipients as the server takes at once, the first of them; the result has that
    /// many outcomes.
    ///
    /// - Throws: `SMTPError` if the session had ended before, or `CancellationError`.
    public func deliver(
        _ envelope: Envelope, _ content: SMTPContent, deadline: ContinuousClock.Instant? = nil
    ) async throws -> TransactionResult {
        var envelope = envelope
        if envelope.recipients.count > mostRecipients {
            envelope.recipients = Array(envelope.recipients.prefix(mostRecipients))
        }
        switch content {
        case .memory(let message): return try await deliver(envelope, message, deadline: deadline)
        case .file(let prefix, let path, let offset, let length):
            let pieces = FilePieces(prefix: prefix, path: path, offset: offset, length: length)
            return try await deliver(envelope, size: content.size, pieces: pieces, deadline: deadline)
        case .pieces(let size, let pieces):
            return try await deliver(envelope, size: size, pieces: pieces, deadline: deadline)
        case .lines(let size, let pieces):
            return try await deliver(envelope, size: size, pieces: pieces, isText: true, deadline: deadline)
        }
    }
}

extension SMTPContent {
    /// Nobody waits for the end of a long one.
    fileprivate var mayFollow: Bool {
        if case .memory(let message) = self { message.readableBytes <= SMTPConnection.longestFollowed } else { false }
    }
}

extension TransactionResult {
    /// Whether the session ended before the server had answered anything about the message.
    var hasNotBegun: Bool {
        guard let failure else { return false }
        // That of a message behind another one, with which the session ended.
        if failure.stage == .idle { return true }
        guard failure.stage == .mail else { return false }
        switch failure.reason {
        case .closedByServer: return true
        case .refused(let reply): return reply.code == 421
        case .timedOut, .violation, .tls, .authentication, .abandoned: return false
        }
    }
}
