import ArgumentParser
import MailCore
import MailDNS
import MailServer
import SMTPClient

/// Which host is spoken with, and how.
struct ProbeWayOptions: ParsableArguments {
    @Option(help: "The port, where the target names none. Default: 25, with --lmtp 24, with --tls implicit 465.")
    var port: UInt16?
    @Flag(name: .customLong("host"), help: "The target is a host; do not ask for its MX records.") var isHost = false
    @Flag(help: "Probe every address of every host, not only the first that answers.") var all = false
    @Flag(name: [.customShort("4"), .customLong("ipv4")], help: "Only IPv4 addresses.") var onlyIPv4 = false
    @Flag(name: [.customShort("6"), .customLong("ipv6")], help: "Only IPv6 addresses.") var onlyIPv6 = false
    @Option(help: ArgumentHelp("What EHLO says of this machine.", valueName: "name")) var ehlo: String?
    @Flag(help: "Speak LMTP.") var lmtp = false
    @Option(help: ArgumentHelp("In place of a host, the UNIX socket that the server listens on.", valueName: "path"))
    var unix: String?
    @Option(
        help: ArgumentHelp(
            "In place of a host, a command for the shell that speaks as a server on its standard input and output.",
            valueName: "command"))
    var pipe: String?
    @Option(help: ArgumentHelp("How many seconds each answer may take.", valueName: "seconds")) var timeout = 30
    @Option(
        help: ArgumentHelp(
            "A resolver to ask in place of the system's: 192.0.2.53, or address:port.", valueName: "address"))
    var nameServer: String?

    /// Addresses that are tried for one domain.
    private static let mostAddresses = 20

    func validate() throws {
        if onlyIPv4, onlyIPv6 { throw ValidationError("--ipv4 and --ipv6 exclude each other") }
        if unix != nil, pipe != nil { throw ValidationError("--unix and --pipe exclude each other") }
        if port == 0 { throw ValidationError("0 is no port; ports are from 1 to 65535") }
        guard (1...3_600).contains(timeout) else { throw ValidationError("--timeout is from 1 to 3600 seconds") }
        if let ehlo, ehlo.isEmpty || ehlo.utf8.count > 255 || ehlo.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw ValidationError("--ehlo is a name without spaces and control characters, of 255 octets at most")
        }
        if let nameServer, Self.nameServer(nameServer) == nil {
            throw ValidationError("'\(nameServer)' is no address of a resolver; write 192.0.2.53 or 192.0.2.53:53")
        }
    }

    func defaultPort(isImplicit: Bool) -> UInt16 { port ?? (lmtp ? 24 : isImplicit ? 465 : 25) }

    /// A server that has no host; nil where one is to be found.
    var place: ProbePlace? { unix.map { .endpoint(.unix($0)) } ?? pipe.map(ProbePlace.program) }

    func resolver() throws -> UnboundResolver {
        let servers = nameServer.flatMap(Self.nameServer).map { [$0] }
        do {
            return try UnboundResolver(
                ResolverSettings(
                    upstream: servers.map { .servers($0) } ?? .system, timeout: .seconds(min(timeout, 10))))
        } catch {
            throw ExitStatus.system.failing("\(error)")
        }
    }

    /// The addresses to be tried, in order.
    func choice(of hosts: [DomainProbe.Host]) -> ArraySlice<(host: String, address: IPAddress)> {
        let all = hosts.flatMap { host in host.addresses.map { (host: host.name, address: $0) } }
        return all.filter { isWanted($0.address) }.prefix(Self.mostAddresses)
    }

    func isWanted(_ address: IPAddress) -> Bool {
        switch address {
        case .v4: !onlyIPv6
        case .v6: !onlyIPv4
        }
    }

    func options(_ errand: SessionProbeOptions.Errand) throws -> SessionProbeOptions {
        let name = ehlo ?? ConfigurationEnvironment.current.hostname?.description ?? "[127.0.0.1]"
        return SessionProbeOptions(
            localName: name, isLMTP: lmtp, timeout: .seconds(timeout), errand: errand, sender: .null,
            checksRelay: false, encryption: ProbeTLSOptions(when: .off, host: ""),
            relayRecipient: try EmailAddress(ProbeMessageOptions.usualRelayRecipient))
    }

    private static func nameServer(_ text: String) -> NameServer? {
        guard case (.address(let address), let port)? = ProbeTarget.read(text) else { return nil }
        return NameServer(address, port: port ?? 53)
    }
}
