import MailCore
import MailDNS
import MailServer
import QueueCore
import Testing

struct DNSConfigurationTests {
    @Test("Without [dns] the system's resolvers are asked, and nothing is validated")
    func defaults() throws {
        #expect(try parse("").resolverSettings == ResolverSettings(upstream: .system, timeout: .seconds(10)))
    }

    @Test("Resolvers are asked at port 53, or at the port that is written")
    func servers() throws {
        let settings = try parse(
            """
            [dns]
            servers = ["192.0.2.53", "127.0.0.1:5353", "2001:db8::53", "[::1]:5353"]
            timeout = "3 s"
            """
        ).resolverSettings
        let hosts = ["192.0.2.53", "127.0.0.1", "2001:db8::53", "::1"].compactMap { IPAddress($0) }
        let servers = zip(hosts, [53, 5353, 53, 5353]).map { NameServer($0, port: $1) }
        #expect(settings == ResolverSettings(upstream: .servers(servers), timeout: .seconds(3)))
    }

    @Test("Recursion and validation are switched on each for itself")
    func recursion() throws {
        #expect(try parse("dns.recursion = true").resolverSettings == ResolverSettings(upstream: .recursion))
        let validated = try parse("dns = { dnssec = true, trust_anchor = \"/etc/anchor\" }").resolverSettings
        #expect(validated == ResolverSettings(trustAnchors: [.file("/etc/anchor")]))
    }

    @Test(
        "What cannot be is refused",
        arguments: [
            (
                "dns.servers = [\"resolver.example\"]",
                "1: servers has an element that is no resolver: write \"192.0.2.53\" or \"[::1]:5353\", "
                    + "not \"resolver.example\""
            ),
            (
                "dns.servers = [\"127.0.0.1:0\"]",
                "1: servers has an element that is no resolver: write \"192.0.2.53\" or \"[::1]:5353\", "
                    + "not \"127.0.0.1:0\""
            ),
            ("dns = { recursion = true, servers = [\"192.0.2.53\"] }", "1: \"recursion\" asks no servers"),
            ("dns.timeout = 0", "1: timeout must be from \"100 ms\" to \"1 min\""),
        ])
    func refused(text: String, complaint: String) {
        #expect(complaints(about: text) == [complaint])
    }

    @Test("We are where we listen at port 25, on all interfaces if so, and where the configuration says")
    func ourselves() throws {
        let configuration = try parse(
            """
            hostname = "MX.example.net"
            listener.mx.address = "192.0.2.1:25"
            listener.all.address = "[::]:25"
            listener.other.address = "192.0.2.2:2525"
            listener.local = { address = "192.0.2.3:25", protocol = "lmtp" }
            [dns]
            own_networks = ["198.51.100.0/24"]
            allow_networks = ["10.0.0.0/8"]
            """)
        let interface = try #require(IPAddress("2001:db8::1"))
        let policy = configuration.mailHostPolicy(interfaces: [interface])
        #expect(policy.ownNames == ["mx.example.net"])
        #expect(policy.ownNetworks.map(\.description) == ["192.0.2.1/32", "2001:db8::1/128", "198.51.100.0/24"])
        #expect(policy.allowedNetworks.map(\.description) == ["10.0.0.0/8"])
    }

    @Test("The machine has a loopback address")
    func interfaces() {
        #expect(InterfaceAddresses.all.contains { $0.isLoopback })
    }
}
