import MailTesting
import Testing

/// How a probe finds the hosts of a domain.
@Suite(.requires("nsd")) struct ProbeDomainTests {
    private func probe(_ domain: String, _ remote: ScriptedRemote, _ server: NameServerProcess, _ more: String...)
        async throws -> ProcessResult
    {
        try await run(
            MartletServer.program,
            [
                "probe", domain, "--port", "\(remote.port)", "--name-server", "127.0.0.1:\(server.port)", "--timeout",
                "5",
            ]
                + more)
    }

    @Test func `hosts are told in order, with addresses and their names, and the best one is probed`() async throws {
        let zones = [
            "shop.example": "@ MX 20 b\n@ MX 10 a\na A 127.0.0.1\nb A 127.0.0.2\nnone MX 0 .\nplain A 127.0.0.1",
            "127.in-addr.arpa": "1.0.0 PTR a.shop.example.\n2.0.0 PTR other.shop.example.",
        ]
        try await ScriptedRemote.with { remote in
            try await NameServerProcess.with(zones: zones) { server in
                let result = try await probe("shop.example", remote, server, "--no-relay-check")
                #expect(result.status == 0, "\(result.output)")
                for text in [
                    "mx         10 a.shop.example\n" + String(repeating: " ", count: 22) + "20 b.shop.example\n",
                    "address    a.shop.example has 127.0.0.1", "\na.shop.example [127.0.0.1]\n",
                    "connect    127.0.0.1:\(remote.port)",
                ] {
                    #expect(result.output.contains(text), "\(text) in \(result.output)")
                }
                #expect(remote.transcripts.count == 1)

                let plain = try await probe("plain.shop.example", remote, server, "--quit-after", "banner")
                #expect(plain.status == 0)
                #expect(plain.output.contains("none; the domain itself is the host"))

                let none = try await probe("none.shop.example", remote, server)
                #expect(none.status == 69)
                #expect(none.output.hasSuffix("the domain says that it takes no mail (RFC 7505)\n"))

                let missing = try await probe("missing.shop.example", remote, server)
                #expect(missing.status == 68)
            }
        }
    }

    @Test func `a name server that fails means another time`() async throws {
        try await ScriptedRemote.with { remote in
            try await NameServerProcess.with(zones: ["broken.example": nil]) { server in
                let result = try await probe("broken.example", remote, server)
                #expect(result.status == 75)
                #expect(result.output.contains("DNS does not answer: SERVFAIL"))
            }
        }
    }
}
