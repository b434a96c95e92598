import ArgumentParser
import Delivery
import MailCore
import MailDNS
import MailServer
import SMTPClient
import SMTPCore

/// Which server takes the message.
struct WayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The server: smtp://host:port, smtps://host:port, lmtp://host:port, unix:/path for a socket, or mx for the hosts that DNS names \
            for each recipient (mx:PORT for another port than 25). Without it the local server, and mx where none runs.
            """, valueName: "way"))
    var via: String?
    @Option(
        help: ArgumentHelp(
            """
            A file (PEM) with the roots that the certificate of the server in --via must lead to; also with smtp://, which \
            has to offer STARTTLS then. Default: the roots of the configuration for smtps://, and no check for smtp://.
            """, valueName: "file"))
    var tlsRoots: String?
    @OptionGroup var login: LoginOptions
    @OptionGroup var configuration: ConfigurationOptions

    /// - Throws: `SMTPError`, or the exit code after saying what is wrong.
    func send(_ message: OutgoingMessage, _ report: SendReport) async throws -> TransactionResult {
        let sender = MessageSender(message, report)
        if login.user != nil, via == nil || via?.hasPrefix("mx") == true {
            throw ExitStatus.usage.failing("--user goes with a server in --via")
        }
        if tlsRoots != nil, via.map({ $0.hasPrefix("mx") || $0.hasPrefix("unix:") }) ?? true {
            throw ExitStatus.usage.failing("--tls-roots goes with a server in --via")
        }
        guard let via else { return try await sendLocally(sender) }
        if let port = try mailHostPort(via) { return try await mailHosts(port: port).deliver(sender) }
        do {
            let url = via.hasPrefix("unix:") ? "smtp://\(via.dropFirst("unix:".utf8.count))" : via
            let server = try SMTPURL(url)
            return try await sender.send(to: server, message.envelope, try terms(of: server))
        } catch let error as SMTPURLError {
            throw ExitStatus.usage.failing("--via: \(error)".escapingControls)
        }
    }

    private func terms(of server: SMTPURL) throws -> MessageSender.Terms {
        var terms = MessageSender.Terms(credentials: try login.credentials(at: server))
        if let tlsRoots {
            (terms.tls, terms.trust) = (.verify, try trust(in: tlsRoots))
        } else if server.isImplicitTLS {
            terms.trust = try configuration.load().tlsTrust
        }
        return terms
    }

    private func trust(in file: String) throws -> TLSTrust {
        do {
            return try TLSTrust(roots: try InputFile.text(of: file))
        } catch let error as InputError {
            throw error.status.failing("--tls-roots: \(error)".escapingControls)
        } catch {
            throw ExitStatus.data.failing("--tls-roots: \(file) holds no certificate (PEM)".escapingControls)
        }
    }

    private func sendLocally(_ sender: MessageSender) async throws -> TransactionResult {
        let server = try localServer()
        do {
            return try await sender.send(to: server, sender.message.envelope)
        } catch let error as SMTPError where error.stage == .connect {
            StandardError.print(
                "martlet: no server at \(server.endpoint); asking DNS who takes mail for the recipients")
            return try await mailHosts(port: 25).deliver(sender)
        }
    }

    /// The port of `mx` or `mx:PORT`; nil for another way.
    private func mailHostPort(_ via: String) throws -> Int? {
        if via == "mx" { return 25 }
        guard via.hasPrefix("mx:") else { return nil }
        guard let port = UInt16(via.dropFirst("mx:".utf8.count)), port > 0 else {
            throw ExitStatus.usage.failing("--via: '\(via)' has no port; ports are from 1 to 65535".escapingControls)
        }
        return Int(port)
    }

    private func mailHosts(port: Int) throws -> MailHostDelivery {
        let configuration = try self.configuration.load()
        do {
            let resolver = try UnboundResolver(configuration.resolverSettings)
            return MailHostDelivery(
                lookup: DNSHostLookup(resolver: resolver, policy: configuration.mailHostPolicy()), port: port)
        } catch {
            throw ExitStatus.configuration.failing("\(error)")
        }
    }

    /// The first listener of the configuration whose port is known.
    private func localServer() throws -> SMTPURL {
        let listeners = try configuration.load().listeners.filter { $0.address.port != 0 && $0.tls != .implicit }
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
        case .v6(let address): address.bits == 0 ? "::1" : "\(address)"
        }
    }
}
