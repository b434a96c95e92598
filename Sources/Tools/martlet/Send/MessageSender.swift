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

    /// - Parameter trust: whom the server's certificate must come from, where it is checked.
    /// - Throws: `SMTPError` if no session comes about.
    func send(
        to server: SMTPURL, _ envelope: Envelope, trust: TLSTrust = .system, credentials: SMTPCredentials? = nil
    ) async throws -> TransactionResult {
        var configuration = configuration
        configuration.trust = trust
        let connection = try await connect(to: server, credentials, configuration)
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
        to server: SMTPURL, _ credentials: SMTPCredentials?, _ configuration: SMTPClientConfiguration
    ) async throws -> SMTPConnection {
        do {
            return try await SMTPConnection.connect(to: server, credentials: credentials, configuration: configuration)
        } catch let error as SMTPError where error.concernsTLS {
            throw error.naming(server.endpoint)
        }
    }

    /// In as many transactions as the server needs for all recipients (RFC 9422).
    private func deliver(
        _ envelope: Envelope, _ message: OutgoingMessage, over connection: SMTPConnection
    ) async throws -> TransactionResult {
        let content = try await content(of: message)
        var whole = TransactionResult(outcomes: [], stages: [], reply: nil)
        var part = envelope
        repeat {
            whole = whole.followed(by: try await connection.deliver(part, content))
            part.recipients = Array(envelope.recipients.dropFirst(whole.outcomes.count))
        } while !part.recipients.isEmpty && whole.failure == nil
        guard let failure = whole.failure, !part.recipients.isEmpty else { return whole }
        let rest = Outcome.deferred(4, 2, failure.description)
        return whole.followed(by: TransactionResult(rest, for: part, failure: failure))
    }

    /// Held as a whole where it is small, so that it can go with the envelope.
    private func content(of message: OutgoingMessage) async throws -> SMTPContent {
        guard message.size <= Self.longestHeld else {
            let progress = report.isQuiet ? ProgressBar(size: message.size) : nil
            return .pieces(size: message.size, MessagePieces(message, progress: progress))
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
