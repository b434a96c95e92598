import Foundation
import MailTesting
import Testing

/// Martlet hands mail to servers that do or do not encrypt, under each policy.
@Suite(.requires("openssl", "python3", "curl")) struct RelayTLSTests {
    /// What became of a message.
    enum Outcome: Equatable {
        case encrypted, inClear
        /// Not now, and this is in the text of the log.
        case deferred(String)
    }

    /// A server, a policy, and what comes of them.
    struct Case: CustomTestStringConvertible {
        let remote: String
        let policy: String
        let outcome: Outcome

        init(_ remote: String, _ policy: String, _ outcome: Outcome) {
            (self.remote, self.policy, self.outcome) = (remote, policy, outcome)
        }

        var testDescription: String { "\(remote), \(policy)" }
    }

    static let cases = [
        Case("good", "off", .inClear), Case("good", "may", .encrypted), Case("good", "must", .encrypted),
        Case("good", "verify", .encrypted), Case("good", "pinned", .encrypted),
        Case("good", "stranger", .deferred("certificate verify failed")),
        Case("unknown root", "may", .encrypted), Case("unknown root", "must", .encrypted),
        Case("unknown root", "verify", .deferred("certificate verify failed")),
        Case("wrong name", "must", .encrypted), Case("wrong name", "verify", .deferred("TLS")),
        Case("wrong name", "pinned", .encrypted),
        Case("none", "may", .inClear), Case("none", "must", .deferred("does not offer STARTTLS")),
        Case("none", "verify", .deferred("does not offer STARTTLS")),
        Case("refuse", "may", .inClear), Case("refuse", "must", .deferred("refuses STARTTLS: 454 4.7.0")),
        Case("broken", "may", .inClear), Case("broken", "must", .deferred("wrong version number")),
        Case("hangup", "may", .inClear), Case("hangup", "pinned", .deferred("closed the connection")),
        Case("inject", "may", .deferred("tampering")), Case("inject", "must", .deferred("tampering")),
    ]

    @Test(arguments: cases) func `a policy decides what a server may do`(_ the: Case) async throws {
        let files = try TemporaryDirectory()
        let name = the.remote == "wrong name" ? "another.example.net" : "IP:127.0.0.1"
        let certificate = try await TestCertificate(for: [name], in: files)
        let stranger = try await TestCertificate(for: ["IP:127.0.0.1"], in: files, name: "stranger")
        let isScripted = !["good", "unknown root", "wrong name"].contains(the.remote)
        let remote = try await TLSRemote(isScripted ? the.remote : "good", certificate)
        let policy =
            switch the.policy {
            case "pinned": "sha256:" + (try await certificate.fingerprint())
            case "stranger": "sha256:" + (try await stranger.fingerprint())
            default: the.policy
            }
        let more = """
            tls = "\(policy)"
            [tls]
            roots = "\(the.remote == "unknown root" ? stranger.certificate : certificate.certificate)"
            """
        try await RelayingServer.with(route: "smtp://127.0.0.1:\(remote.port)", more) { server in
            try await RelayingServer.submit(
                SampleMessage().bytes, to: ["someone@example.com"], from: "you@example.net", at: server)
            switch the.outcome {
            case .deferred(let text):
                let line = try await eventually("an attempt") {
                    server.log.split(separator: "\n").first { $0.contains("event=deferred") }
                }
                #expect(line.contains(text), "\(line)")
                #expect(line.contains("dsn=4.7.5") || the.remote == "inject", "\(line)")
                #expect(remote.messages.isEmpty)
            case .encrypted, .inClear:
                let message = try await eventually("the message", timeout: RelayingServer.patience) {
                    remote.messages.first
                }
                #expect((message.tls == nil) == (the.outcome == .inClear))
                let line = try #require(server.log.split(separator: "\n").first { $0.contains("event=relay-session") })
                let isVerified = ["verify", "pinned"].contains(the.policy)
                #expect(line.contains(#"tls="TLSv1.3 TLS_"#) == (the.outcome == .encrypted), "\(line)")
                let fingerprint = try await certificate.fingerprint()
                #expect(line.contains(fingerprint) == (the.outcome == .encrypted), "\(line)")
                #expect(line.contains("verified=yes") == isVerified, "\(line)")
                #expect(line.contains("level=notice") == ["broken", "hangup"].contains(the.remote), "\(line)")
                try await RelayingServer.expectEmptyQueue(server)
                #expect(remote.messages.count == 1)
            }
        }
    }

    @Test(arguments: ["may", "must", "off", "verify", "pinned"])
    func `a next hop with smtps is encrypted from the first octet on, whatever the policy`(policy: String) async throws
    {
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["IP:127.0.0.1"], in: files)
        let remote = try await TLSRemote("implicit", certificate)
        let tls = policy == "pinned" ? "sha256:" + (try await certificate.fingerprint()) : policy
        let more = "tls = \"\(tls)\"\n[tls]\nroots = \"\(certificate.certificate)\""
        try await RelayingServer.with(route: "smtps://127.0.0.1:\(remote.port)", more) { server in
            try await RelayingServer.submit(
                SampleMessage().bytes, to: ["someone@example.com"], from: "you@example.net", at: server)
            let message = try await eventually("the message", timeout: RelayingServer.patience) {
                remote.messages.first
            }
            #expect(message.tls == "TLSv1.3")
            let line = try #require(server.log.split(separator: "\n").first { $0.contains("event=relay-session") })
            #expect(line.contains("verified=yes") == (policy != "must"), "\(line)")
        }
    }

    @Test func `a next hop with smtps shows a certificate that is trusted, or gets nothing`() async throws {
        let files = try TemporaryDirectory()
        let remote = try await TLSRemote("implicit", TestCertificate(for: ["IP:127.0.0.1"], in: files))
        try await RelayingServer.with(route: "smtps://127.0.0.1:\(remote.port)") { server in
            try await RelayingServer.submit(
                SampleMessage().bytes, to: ["someone@example.com"], from: "you@example.net", at: server)
            _ = try await eventually("an attempt") {
                server.log.contains(
                    /event=deferred .*certificate verify failed.* dsn=4\.7\.5|event=deferred .* dsn=4\.7\.5.*certificate verify failed/
                )
                    ? true : nil
            }
            #expect(remote.messages.isEmpty)
        }
    }

    /// The sender requires TLS; the route only asks for it where it is offered.
    private func requireTLS(
        _ mode: String, _ body: (MartletServer, TLSRemote) async throws -> Void
    ) async throws {
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["IP:127.0.0.1"], in: files)
        let remote = try await TLSRemote(mode, certificate)
        let more = """
            tls = "may"
            [tls]
            certificate = "\(certificate.certificate)"
            key = "\(certificate.key)"
            roots = "\(certificate.certificate)"
            """
        try await RelayingServer.with(route: "smtp://127.0.0.1:\(remote.port)", more) { server in
            let client = try await TLSClient.run("require", port: server.port)
            #expect(client.hello?.contains("250-REQUIRETLS") == true)
            #expect(client.answer?.hasPrefix("250 ") == true)
            try await body(server, remote)
        }
    }

    @Test func `a message that requires TLS is handed on with that demand`() async throws {
        try await requireTLS("require") { _, remote in
            let message = try await eventually("the message", timeout: RelayingServer.patience) {
                remote.messages.first
            }
            #expect(message.tls == "TLSv1.3")
            #expect(message.mail.hasSuffix(" REQUIRETLS"))
        }
    }

    @Test func `a message that requires TLS is not given to a server that does not promise it`() async throws {
        try await requireTLS("good") { server, remote in
            _ = try await eventually("the end") { server.log.contains(/event=failed .* dsn=5\.7\.30/) ? true : nil }
            #expect(remote.messages.isEmpty)
        }
    }

    @Test func `a message that requires TLS waits where there is none`() async throws {
        try await requireTLS("none") { server, remote in
            _ = try await eventually("an attempt") { server.log.contains(/event=deferred .* dsn=4\.7\.5/) ? true : nil }
            #expect(remote.messages.isEmpty)
        }
    }

    @Test func `the name of the host is asked for`() async throws {
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["localhost"], in: files)
        let remote = try await TLSRemote("good", certificate)
        let more = "tls = \"verify\"\n[tls]\nroots = \"\(certificate.certificate)\""
        try await RelayingServer.with(route: "smtp://localhost:\(remote.port)", more) { server in
            try await RelayingServer.submit(
                SampleMessage().bytes, to: ["someone@example.com"], from: "you@example.net", at: server)
            let message = try await eventually("the message", timeout: RelayingServer.patience) {
                remote.messages.first
            }
            #expect(message.sni == "localhost")
        }
    }
}
