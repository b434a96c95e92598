import ArgumentParser
import MailCore
import SMTPCore

/// On whose behalf a probe speaks, to servers that trust this host to say so.
struct ProbeProxyOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Begin with a PROXY header of this version, 1 or 2.", valueName: "version"))
    var proxyVersion: Int?
    @Option(
        help: ArgumentHelp(
            "The client that the PROXY header tells of: 192.0.2.1, or address:port.", valueName: "address"))
    var proxySource: String?
    @Option(
        help: ArgumentHelp(
            "The server that the PROXY header tells of. Default: the one that is probed.", valueName: "address"))
    var proxyDest: String?
    @Option(
        name: .customLong("xclient"),
        help: ArgumentHelp("Attributes for XCLIENT, as they stand behind it.", valueName: "text"))
    var attributes: String?
    @Option(help: ArgumentHelp("XCLIENT: the client's name.", valueName: "name")) var xclientName: String?
    @Option(help: ArgumentHelp("XCLIENT: the client's address.", valueName: "address")) var xclientAddr: String?
    @Option(help: ArgumentHelp("XCLIENT: the client's port.", valueName: "port")) var xclientPort: String?
    @Option(help: ArgumentHelp("XCLIENT: what the client said with EHLO.", valueName: "name")) var xclientHelo: String?
    @Option(help: ArgumentHelp("XCLIENT: the protocol, SMTP or ESMTP.", valueName: "protocol")) var xclientProto:
        String?
    @Option(help: ArgumentHelp("XCLIENT: who the client proved to be.", valueName: "user")) var xclientLogin: String?
    @Option(help: ArgumentHelp("XCLIENT: the server's address.", valueName: "address")) var xclientDestaddr: String?
    @Option(help: ArgumentHelp("XCLIENT: the server's port.", valueName: "port")) var xclientDestport: String?

    func validate() throws {
        if let proxyVersion, ProxyHeader.Version(rawValue: proxyVersion) == nil {
            throw ValidationError("there is no PROXY header of version \(proxyVersion); the versions are 1 and 2")
        }
        if (proxyVersion == nil) != (proxySource == nil) || (proxyVersion == nil && proxyDest != nil) {
            throw ValidationError("--proxy-version and --proxy-source belong together")
        }
        for text in [proxySource, proxyDest].compactMap(\.self) { _ = try Self.endpoint(text, port: 0) }
        if let attributes, attributes.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) {
            throw ValidationError("--xclient is one line of ASCII")
        }
    }

    /// What stands behind XCLIENT; nil where it is not said.
    var xclient: String? {
        let named = [
            ("NAME", xclientName), ("ADDR", xclientAddr.map(Self.tagged)), ("PORT", xclientPort),
            ("HELO", xclientHelo), ("PROTO", xclientProto), ("LOGIN", xclientLogin),
            ("DESTADDR", xclientDestaddr.map(Self.tagged)), ("DESTPORT", xclientDestport),
        ]
        let words = named.compactMap { name, value in value.map { "\(name)=\(XText.encode($0))" } }
        let all = [attributes].compactMap(\.self) + words
        return all.isEmpty ? nil : all.joined(separator: " ")
    }

    /// - Parameter address: the server's; nil where only its name is known.
    func header(to address: IPAddress?, port: UInt16) throws -> [UInt8]? {
        guard let version = proxyVersion.flatMap(ProxyHeader.Version.init), let proxySource else { return nil }
        let source = try Self.endpoint(proxySource, port: 50_000)
        let known = address.map { ProxyHeader.Endpoint($0, port: port) }
        guard let destination = try proxyDest.map({ try Self.endpoint($0, port: port) }) ?? known else {
            throw ExitStatus.usage.failing("the server's address is not known; name one with --proxy-dest")
        }
        guard let header = ProxyHeader(source: source, destination: destination) else {
            throw ExitStatus.usage.failing(
                "\(source.address) and \(destination.address) are of two families; name another with --proxy-dest")
        }
        return header.octets(version)
    }

    /// As XCLIENT wants addresses: IPv6 with its name in front.
    private static func tagged(_ address: String) -> String { address.contains(":") ? "IPV6:\(address)" : address }

    private static func endpoint(_ text: String, port: UInt16) throws -> ProxyHeader.Endpoint {
        guard case (.address(let address), let named)? = ProbeTarget.read(text) else {
            throw ValidationError("'\(text)' is no address; write 192.0.2.1, 192.0.2.1:4711 or [2001:db8::1]:4711")
        }
        return ProxyHeader.Endpoint(address, port: named ?? port)
    }
}
