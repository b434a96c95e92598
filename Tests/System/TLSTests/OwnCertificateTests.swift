import Foundation
import MailTesting
import Testing

/// A server shows the certificate that `martlet cert` has made, and others have it among their roots.
@Suite struct OwnCertificateTests {
    /// Runs the body beside a server whose certificate is for 127.0.0.1, and gives it the configuration that trusts it.
    private func withServer(
        _ listener: [String] = [], isolation: isolated (any Actor)? = #isolation,
        _ body: (MartletServer, _ certificate: String, _ roots: String) async throws -> Void
    ) async throws {
        let files = try TemporaryDirectory()
        let base = files.path("own")
        let made = try await run(MartletServer.program, ["cert", "127.0.0.1", "mail.example.org", "--out", base])
        try #require(made.status == 0, "\(made.errors)")
        let tls = "[tls]\ncertificate = \"\(base).pem\"\nkey = \"\(base).key\""
        try await MartletServer.with(configuration: tls, listener: listener) { server in
            try await body(server, "\(base).pem", "[tls]\nroots = \"\(base).pem\"\n")
        }
    }

    @Test func `a probe trusts it for its names, and for no others`() async throws {
        try await withServer { server, certificate, _ in
            let arguments = ["probe", "127.0.0.1:\(server.port)", "--tls-roots", certificate, "--quit-after", "tls"]
            let trusted = try await run(MartletServer.program, arguments)
            #expect(trusted.output.contains("trusted for 127.0.0.1: leads to CN=127.0.0.1\n"), "\(trusted.output)")
            let other = try await run(MartletServer.program, arguments + ["--sni", "other.example"])
            #expect(
                other.output.contains("it is for mail.example.org, 127.0.0.1, not for other.example")
                    || other.output.contains("it is for 127.0.0.1, mail.example.org, not for other.example"),
                "\(other.output)")
        }
    }

    @Test func `what must be sent to a trusted server is sent there`() async throws {
        try await withServer([#"tls = "implicit""#]) { server, _, roots in
            let files = try TemporaryDirectory()
            let path = try files.write(Data(roots.utf8), to: "client.toml")
            let arguments = ["ann@example.org", "--text", "Hi", "--via", "smtps://127.0.0.1:\(server.port)"]
            let sent = try await send(arguments + ["--config", path])
            #expect(sent.status == 0, "\(sent.errors)")
            let wrong = try await send(
                ["ann@example.org", "--text", "Hi", "--config", path, "--via", "smtps://localhost:\(server.port)"])
            #expect(wrong.status == 76, "\(wrong.errors)")
        }
    }

    @Test func `a route that verifies delivers`() async throws {
        try await withServer { server, _, roots in
            let route = """
                \(roots)
                [route.default]
                to = "smtp://127.0.0.1:\(server.port)"
                tls = "verify"
                """
            try await MartletServer.with(configuration: route) { relay in
                let sent = try await send(["bob@example.com", "--text", "Hi"], to: relay)
                #expect(sent.status == 0, "\(sent.errors)")
                let line = try await eventually("the session") {
                    relay.log.split(separator: "\n").first { $0.contains("event=relay-session") }
                }
                #expect(line.contains("TLSv1.3"), "\(relay.log)")
            }
        }
    }

    @Test func `who is not trusted is named, with advice`() async throws {
        try await withServer([#"tls = "implicit""#]) { server, _, _ in
            let files = try TemporaryDirectory()
            let path = try files.write(Data(), to: "client.toml")
            let way = "smtps://127.0.0.1:\(server.port)"
            let result = try await send(["ann@example.org", "--text", "Hi", "--config", path, "--via", way])
            #expect(result.status == 76)
            let text =
                "martlet: 127.0.0.1:\(server.port): TLS: certificate verify failed (its certificate leads to no root"
            #expect(result.errors.hasPrefix(text), "\(result.errors)")
        }
        try await ScriptedRemote.with { remote in
            let result = try await send(
                ["ann@example.org", "--text", "Hi", "--via", "smtps://127.0.0.1:\(remote.port)", "--json"])
            #expect(result.status == 76)
            #expect(
                result.output.contains("\"hint\":\"this port does not begin with TLS: try smtp:"), "\(result.output)")
        }
    }
}
