import ArgumentParser
import MailCore
import MailDNS
import SMTPClient

struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Find out how a mail server answers, step by step.",
        discussion: """
            Looks up the hosts of a domain, connects to the best of them, and tells what each step found and how long it \
            took: MX, addresses, names of addresses, banner, EHLO, STARTTLS with the certificates and whether they are \
            to be trusted, AUTH, and whether it is an open relay. \
            Nothing is sent, unless --to names a recipient: then it is a test message.

            EXAMPLES
              martlet probe example.org
              martlet probe mail.example.org:587 --dialogue
              martlet probe mail.example.org:465 --tls implicit --quit-after tls
              martlet probe example.org --to ann@example.org --from me@example.net
              martlet probe example.org --to ann@example.org --from me@example.net --quit-after rcpt
              martlet probe mail.example.org:587 --user ann --auth login --quit-after auth
              martlet probe --unix /run/dovecot/lmtp --lmtp
              martlet probe 192.0.2.1 --proxy-version 2 --proxy-source 198.51.100.7 --json

            EXIT CODES
              0 all went well; 64 wrong arguments; 65 a message that the server cannot bear; 66 a file cannot be read; \
            68 no such domain or host; 69 the server refuses; 75 no answer, or not now; 76 no mail server, or no TLS with it.
            """)

    @Argument(
        help: ArgumentHelp("A domain, or a host: example.org, mail.example.org:587, 192.0.2.1.", valueName: "domain"))
    var target: String?
    @OptionGroup(title: "Way") var way: ProbeWayOptions
    @OptionGroup(title: "TLS") var encryption: ProbeEncryptionOptions
    @OptionGroup(title: "Login") var login: ProbeLoginOptions
    @OptionGroup(title: "Message") var message: ProbeMessageOptions
    @OptionGroup(title: "End") var end: ProbeEndOptions
    @OptionGroup(title: "Proxy") var proxy: ProbeProxyOptions
    @Flag(help: "Show the dialogue: -> is what we say, <- what the server says.") var dialogue = false
    @Flag(help: "One JSON object a step and line, and one for the whole.") var json = false

    func validate() throws {
        guard let name = target else {
            if way.place == nil { throw ValidationError("name a domain or a host, or a server with --unix or --pipe") }
            return
        }
        if way.place != nil { throw ValidationError("--unix and --pipe take the place of a host") }
        guard let target = ProbeTarget.read(name)?.target else {
            throw ValidationError("'\(name)' is no domain and no host; write example.org, host:port or 192.0.2.1")
        }
        if case .address(let address) = target, !way.isWanted(address) {
            throw ValidationError("\(address) is no IPv\(way.onlyIPv4 ? 4 : 6) address")
        }
    }

    func run() async throws {
        let report = ProbeReport(isJSON: json, showsDialogue: dialogue, style: .standardOutput)
        let errand = Errand(message: try message.errand(), login: try login.options())
        do {
            if let place = way.place {
                try await probe(place, host: "", nil, 25, report, errand)
            } else {
                try await probe(report, errand)
            }
            let isClean = report.warnings == 0
            let text = isClean ? "nothing wrong" : "it works, but look at the warnings"
            report.finish(ProbeResult(verdict: isClean ? .ok : .warning, text: text, exitCode: 0))
        } catch ProbeEnd.quit(let stage) {
            finish(report, "left after \(stage.rawValue), as asked for")
        } catch ProbeEnd.dropped(let stage, let afterSending) {
            finish(
                report, "closed the connection after \(afterSending ? "sending " : "")\(stage.rawValue), as asked for")
        } catch ProbeEnd.failed(let status, let stage, let text) {
            report.finish(ProbeResult(verdict: .failed, text: text, stage: stage, exitCode: status.rawValue))
            throw ExitCode(status.rawValue)
        }
    }

    private func finish(_ report: ProbeReport, _ text: String) {
        report.finish(ProbeResult(verdict: .ok, text: text, exitCode: 0))
    }

    /// What is done at each server.
    private struct Errand {
        let message: SessionProbeOptions.Errand
        let login: ProbeLogin?
    }

    // MARK: Hosts

    private func probe(_ report: ProbeReport, _ errand: Errand) async throws {
        guard let (target, port) = target.flatMap(ProbeTarget.read) else { return }
        let resolver = try way.resolver()
        let probe = DomainProbe(resolver: resolver, report: report)
        switch target {
        case .plainHost(let name): try await self.probe(name, nil, port, report, errand)
        case .address(let address):
            await probe.reverse(address)
            try await self.probe("\(address)", address, port, report, errand)
        case .domain(let domain):
            report.heading("\(domain)")
            let isHost = way.isHost || port != nil
            let hosts = isHost ? [try await probe.host(domain.description)] : try await probe.hosts(for: domain)
            try await self.probe(hosts, probe, port, report, errand)
        }
    }

    /// The best host that can be connected to; all hosts where that is asked for.
    private func probe(
        _ hosts: [DomainProbe.Host], _ probe: DomainProbe, _ port: UInt16?, _ report: ProbeReport,
        _ errand: Errand
    ) async throws {
        var failure: ProbeEnd?
        var hasReached = false
        for (host, address) in way.choice(of: hosts) where way.all || !hasReached {
            report.heading("\(host) [\(address)]")
            await probe.reverse(address)
            do {
                hasReached = true
                try await self.probe(host, address, port, report, errand)
            } catch let end as ProbeEnd {
                guard case .failed(_, let stage, _) = end, way.all || stage == "connect" else { throw end }
                hasReached = stage != "connect"
                failure = end
            }
        }
        if let failure, way.all || !hasReached { throw failure }
        if !hasReached { throw ProbeEnd.failed(.noHost, stage: "address", "no host has an address of that kind") }
    }

    private func probe(
        _ host: String, _ address: IPAddress?, _ port: UInt16?, _ report: ProbeReport,
        _ errand: Errand
    ) async throws {
        let port = port ?? way.defaultPort(isImplicit: encryption.tls == .implicit)
        let endpoint = SMTPURL.Endpoint.host(address.map(\.description) ?? host, port: Int(port))
        try await probe(.endpoint(endpoint), host: host, address, port, report, errand)
    }

    private func probe(
        _ place: ProbePlace, host: String, _ address: IPAddress?, _ port: UInt16, _ report: ProbeReport,
        _ errand: Errand
    ) async throws {
        var options = try way.options(errand.message)
        (options.sender, options.relayRecipient) = (try message.sender(), try message.relayRecipient())
        options.checksRelay = message.checksRelay && !way.lmtp
        (options.encryption, options.login) = (try encryption.options(host: host), errand.login)
        (options.quitAfter, options.dropAfter, options.dropAfterSend) = (
            end.quitAfter, end.dropAfter, end.dropAfterSend
        )
        options.xclient = proxy.xclient
        options.proxyHeader = try proxy.header(to: address, port: port)
        let session = SessionProbe(options, report: report)
        try await session.run(place)
    }
}
