import MailTesting
import Testing

/// XCLIENT and the PROXY protocol on the built server, said by `martlet probe`.
struct ClientBehindProxyTests {
    private func probe(_ server: MartletServer, _ arguments: String...) async throws -> ProcessResult {
        try await run(
            MartletServer.program,
            ["probe", "127.0.0.1:\(server.port)", "--name-server", "127.0.0.1:1", "--timeout", "5"] + arguments)
    }

    @Test func `a listener behind a proxy sees the client, and trusts it no more than that`() async throws {
        try await MartletServer.with(listener: [#"proxies = ["127.0.0.0/8"]"#]) { server in
            let result = try await probe(
                server, "--proxy-version", "2", "--proxy-source", "192.0.2.7:4711", "--from", "you@example.net", "--to",
                "someone@example.net", "--quit-after", "rcpt")
            #expect(result.output.contains("550 5.7.1 Relaying denied"), "\(result.output)")
            try await server.expectLog("ip=192.0.2.7")
            let stranger = try RawConnection(port: server.port)
            stranger.send("EHLO c\r\n")
            #expect(try await stranger.rest() == "")
        }
    }

    @Test func `XCLIENT is offered to the proxies that are named`() async throws {
        try await MartletServer.with(configuration: "[commands]\nxclient = [\"127.0.0.1\"]") { server in
            let result = try await probe(
                server, "--xclient-addr", "192.0.2.9", "--from", "you@example.net", "--to", "someone@example.net",
                "--quit-after", "rcpt")
            #expect(result.output.contains("550 5.7.1 Relaying denied"), "\(result.output)")
            try await server.expectLog("ip=192.0.2.9")
        }
    }
}
