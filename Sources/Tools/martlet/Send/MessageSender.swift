import MailCore
import MailServer
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
        let connection = try await SMTPConnection.connect(
            to: server, credentials: credentials, configuration: configuration)
        let message: OutgoingMessage
        do {
            message = connection.extensions.eightBitMIME ? self.message : try self.message.inSevenBits()
        } catch let error as InputError {
            await connection.quit()
            return TransactionResult(.failed(6, 3, error.description), for: envelope)
        }
        var envelope = envelope
        envelope.options = message.envelope.options
        let progress = report.isQuiet ? ProgressBar(size: message.size) : nil
        let result = try await connection.deliver(
            envelope, size: message.size, pieces: MessagePieces(message, progress: progress))
        await connection.quit()
        return result
    }

    private var configuration: SMTPClientConfiguration {
        let name = ConfigurationEnvironment.current.hostname.map(MailHost.domain)
        return SMTPClientConfiguration(
            localName: name ?? .address(.v4(.init(bits: 0x7F00_0001))), transcript: report.transcript)
    }
}
