import MailCore
import MailServer
import NIOCore
import SMTPClient
import SMTPCore

/// Brings a message to a server, for all of its recipients or for some.
struct MessageSender: Sendable {
    let message: OutgoingMessage
    private let report: SendReport

    init(_ message: OutgoingMessage, _ report: SendReport) {
        self.message = message
        self.report = report
    }

    /// How a server is spoken to.
    struct Terms {
        var tls = TLSPolicy.may
        /// Whom the server's certificate must come from, where it is checked.
        var trust = TLSTrust.system
        var credentials: SMTPCredentials?
    }

    /// - Throws: `SMTPError` if no session comes about.
    func send(to server: SMTPURL, _ envelope: Envelope, _ terms: Terms = Terms()) async throws -> TransactionResult {
        var whole = TransactionResult(outcomes: [], stages: [], reply: nil)
        var rest = envelope
        repeat {
            do {
                whole = whole.followed(by: try await sendOnce(to: server, rest, terms))
            } catch let error as SMTPError where !whole.outcomes.isEmpty {
                return whole.followed(by: TransactionResult(.deferred(4, 1, "\(error)"), for: rest))
            }
            rest.recipients = Array(envelope.recipients.dropFirst(whole.outcomes.count))
        } while !rest.recipients.isEmpty
        return whole
    }

    /// Over one connection: to all recipients, or to as many as the server takes over one (MAILMAX, RFC 9422).
    private func sendOnce(to server: SMTPURL, _ envelope: Envelope, _ terms: Terms) async throws -> TransactionResult {
        let connection = try await connect(to: server, terms)
        let message: OutgoingMessage
        do {
            message = connection.extensions.eightBitMIME ? self.message : try self.message.inSevenBits()
        } catch let error as InputError {
            await connection.quit()
            return TransactionResult(.failed(6, 3, error.description), for: envelope)
        }
        if let note = DSNOptions.note(envelope, connection.extensions) { StandardError.print("martlet: \(note)") }
        var envelope = envelope
        envelope.options = message.envelope.options
        do {
            let result = try await deliver(envelope, message, over: connection)
            await connection.quit()
            return result
        } catch {
            connection.close()
            throw error
        }
    }

    /// An error of the encryption is told with the server's name, since nothing else has been said of it.
    private func connect(
        to server: SMTPURL, _ terms: Terms
    ) async throws -> SMTPConnection {
        var configuration = configuration
        configuration.trust = terms.trust
        do {
            return try await SMTPConnection.connect(
                to: server, tls: terms.tls, credentials: terms.credentials, configuration: configuration)
        } catch let error as SMTPError where error.concernsTLS {
            throw error.naming(server.endpoint)
        }
    }

    /// In as many transactions as the server needs for all recipients, and takes over one connection (RFC 9422).
    private func deliver(
        _ envelope: Envelope, _ message: OutgoingMessage, over connection: SMTPConnection
    ) async throws -> TransactionResult {
        let content = try await content(of: message)
        var whole = TransactionResult(outcomes: [], stages: [], reply: nil)
        var part = envelope
        for _ in 0..<max(1, connection.extensions.limit("MAILMAX") ?? .max) {
            do {
                whole = whole.followed(by: try await connection.deliver(part, content))
            } catch let error as SMTPError where !whole.outcomes.isEmpty {
                // Who has the message already must not get it again.
                return whole.followed(by: TransactionResult(.deferred(4, 2, "\(error)"), for: part))
            }
            part.recipients = Array(envelope.recipients.dropFirst(whole.outcomes.count))
            if part.recipients.isEmpty || whole.failure != nil { break }
        }
        guard let failure = whole.failure, !part.recipients.isEmpty else { return whole }
        let rest = Outcome.deferred(4, 2, failure.description)
        return whole.followed(by: TransactionResult(rest, for: part, failure: failure))
    }

    /// Held as a whole where it is small, so that it can go with the envelope.
    private func content(of message: OutgoingMessage) async throws -> SMTPContent {
        guard message.size <= Self.longestHeld else {
            let progress = report.isQuiet ? ProgressBar(size: message.size) : nil
            return .lines(size: message.size, MessagePieces(message, progress: progress))
        }
        var octets = ByteBuffer()
        for try await piece in MessagePieces(message, progress: nil) { octets.writeImmutableBuffer(piece) }
        return .memory(octets)
    }

    /// In octets: what a server that offers CHUNKING gets at once.
    private static let longestHeld: UInt64 = 1 << 20

    private var configuration: SMTPClientConfiguration {
        let name = ConfigurationEnvironment.current.hostname.map(MailHost.domain)
        return SMTPClientConfiguration(
            localName: name ?? .address(.v4(.init(bits: 0x7F00_0001))), transcript: report.transcript)
    }
}
