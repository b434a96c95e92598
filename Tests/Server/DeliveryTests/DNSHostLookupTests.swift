import Delivery
import MailCore
import MailDNS
import MailTesting
import QueueCore
import Testing

/// The look-up of hosts against a real name server.
@Suite(.requires("nsd")) struct DNSHostLookupTests {
    /// The answer for a domain; the network for documentation counts as public here.
    private func hosts(
        for domain: String, _ zones: [String: String?], policy: MailHostPolicy? = nil
    ) async throws -> MailHostAnswer {
        try await NameServerProcess.with(zones: zones) { server in
            try await lookup(server.port, policy: policy).hosts(for: Domain(domain))
        }
    }

    private func lookup(_ port: UInt16, policy: MailHostPolicy? = nil) throws -> DNSHostLookup {
        let documentation = MailHostPolicy(allowedNetworks: [try IPNetwork("192.0.2.0/24")])
        let server = NameServer(.v4(IPv4Address(bits: 0x7F00_0001)), port: port)
        return DNSHostLookup(
            resolver: try UnboundResolver(ResolverSettings(upstream: .servers([server]))),
            policy: policy ?? documentation)
    }

    private func candidate(_ name: String, _ addresses: String...) -> MailHostCandidate {
        MailHostCandidate(name: name, addresses: addresses.compactMap { IPAddress($0) })
    }

    @Test func `MX hosts come in order with their addresses`() async throws {
        let zone = "@ MX 20 b\n@ MX 10 a\na A 192.0.2.1\nb A 192.0.2.2\nb AAAA 2600::2"
        let answer = try await hosts(for: "example.net", ["example.net": zone])
        #expect(
            answer
                == .hosts([candidate("a.example.net", "192.0.2.1"), candidate("b.example.net", "2600::2", "192.0.2.2")])
        )
    }

    @Test(arguments: [("@ A 192.0.2.1", "192.0.2.1"), ("@ AAAA 2600::1", "2600::1")])
    func `a domain without MX is its own host`(zone: String, address: String) async throws {
        #expect(
            try await hosts(for: "example.net", ["example.net": zone]) == .hosts([candidate("example.net", address)]))
    }

    @Test func `aliases are followed, of the domain and of its host`() async throws {
        let zones = ["example.net": "www CNAME @\n@ MX 10 mail\nmail CNAME a\na A 192.0.2.1"]
        #expect(try await hosts(for: "www.example.net", zones) == .hosts([candidate("mail.example.net", "192.0.2.1")]))
    }

    @Test func `aliases in a circle are a reason to try later`() async throws {
        guard case .later = try await hosts(for: "a.example.net", ["example.net": "a CNAME b\nb CNAME a"]) else {
            Issue.record("an alias in a circle is temporary trouble")
            return
        }
    }

    @Test func `null MX, no domain and SERVFAIL are told apart`() async throws {
        #expect(try await hosts(for: "example.net", ["example.net": "@ MX 0 ."]) == .nullMX)
        #expect(
            try await hosts(for: "no.example.net", ["example.net": "@ MX 0 ."])
                == .none("there is no domain no.example.net"))
        #expect(
            try await hosts(for: "broken.example", ["broken.example": nil]) == .later("MX of broken.example: SERVFAIL"))
    }

    @Test func `a name server that is not there is a reason to try later`() async throws {
        let lookup = DNSHostLookup(
            resolver: try UnboundResolver(
                ResolverSettings(
                    upstream: .servers([NameServer(.v4(IPv4Address(bits: 0x7F00_0001)), port: 1)]),
                    timeout: .milliseconds(200))),
            policy: MailHostPolicy())
        guard case .later = await lookup.hosts(for: try Domain("example.net")) else {
            Issue.record("a dead name server is temporary trouble")
            return
        }
    }

    @Test func `a thousand hosts with two addresses each give five addresses`() async throws {
        let zone = (0..<1_000).map { "@ MX \($0) m\($0)\nm\($0) A 192.0.2.\($0 % 250)\nm\($0) AAAA 2600::\($0)" }
        let answer = try await hosts(for: "example.net", ["example.net": zone.joined(separator: "\n")])
        #expect(
            answer
                == .hosts([
                    candidate("m0.example.net", "2600::", "192.0.2.0"),
                    candidate("m1.example.net", "2600::1", "192.0.2.1"), candidate("m2.example.net", "2600::2"),
                ]))
    }

    @Test func `hosts in private networks are not used, unless a route names them`() async throws {
        let zones = ["example.net": "@ MX 10 a\na A 10.0.0.1"]
        try await NameServerProcess.with(zones: zones) { server in
            let lookup = try lookup(server.port)
            let domain = try Domain("example.net")
            #expect(
                await lookup.hosts(for: domain)
                    == .none("example.net leads to 10.0.0.1, which may not be used"))
            #expect(
                await lookup.addresses(of: "a.example.net") == .hosts([candidate("a.example.net", "10.0.0.1")]))
        }
    }

    @Test func `a route may name an address, which nobody is asked for`() async throws {
        #expect(try await lookup(1).addresses(of: "::1") == .hosts([candidate("::1", "::1")]))
    }
}
