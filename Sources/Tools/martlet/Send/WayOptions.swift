import ArgumentParser
import MailCore
import MailServer
import SMTPClient
import SMTPCore

/// Which server takes the message.
struct WayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server: smtp://host:port, lmtp://host:port, or unix:/path for a socket. Without it the local server.",
            valueName: "url"))
    var via: String?
    @OptionGroup var configuration: ConfigurationOptions

    /// - Throws: `SMTPError`, or the exit code after saying what is wrong.
    func send(_ message: OutgoingMessage, _ report: SendReport) async throws -> TransactionResult {
        let connection = try await SMTPConnection.connect(to: url(), configuration: client(report))
        let result = try await connection.deliver(
            message.envelope, size: message.size,
            pieces: MessagePieces(message, progress: report.isQuiet ? ProgressBar(size: message.size) : nil))
        await connection.quit()
        return result
    }

    private func client(_ report: SendReport) -> SMTPClientConfiguration {
        let name = ConfigurationEnvironment.current.hostname.map(MailHost.domain)
        return SMTPClientConfiguration(
            localName: name ?? .address(.v4(.init(bits: 0x7F00_0001))), transcript: report.transcript)
    }

    private func url() throws -> SMTPURL {
        do {
            if let via {
                return try SMTPURL(via.hasPrefix("unix:") ? "smtp://\(via.dropFirst("unix:".utf8.count))" : via)
            }
            return try localServer()
        } catch let error as SMTPURLError {
            throw ExitStatus.usage.failing("--via: \(error)".escapingControls)
        }
    }

    /// The first listener of the configuration whose port is known.
    private func localServer() throws -> SMTPURL {
        let listeners = try configuration.load().listeners.filter { $0.address.port != 0 }
        guard let listener = listeners.first(where: { $0.dialect == .smtp }) ?? listeners.first else {
            throw ExitStatus.usage.failing("the configuration names no port of a local server; name one with --via")
        }
        return SMTPURL(
            .host(listener.address.reachableHost, port: Int(listener.address.port)), isLMTP: listener.dialect == .lmtp)
    }
}

extension ListenAddress {
    /// Where this machine reaches it: one that listens everywhere also listens on the loopback.
    fileprivate var reachableHost: String {
        switch host {
        case .v4(let address): address.bits == 0 ? "127.0.0.1" : "\(address)"
        case .v6(let address): "\(address)" == "::" ? "::1" : "\(address)"
        }
    }
}
