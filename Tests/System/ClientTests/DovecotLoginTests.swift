import Foundation
import MailTesting
import Testing

/// The users are those of a real Dovecot, which is asked over its socket.
@Suite(.requiresPeers, .requires("openssl", "curl", "msmtp")) struct DovecotLoginTests {
    private static let password = "daily bread 7"

    private func with(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (DovecotPeer, MartletServer, TestCertificate) async throws -> Void
    ) async throws {
        let dovecot = try DovecotPeer(passwords: [LoginClient.user: Self.password])
        try await dovecot.start()
        let auth = """
            [auth]
            dovecot = "\(dovecot.authenticationSocket)"
            mechanisms = ["SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN", "DIGEST-MD5"]
            """
        try await TLSServer.with(auth, listener: [#"role = "submission""#]) { server, certificate in
            try await body(dovecot, server, certificate)
        }
        try await dovecot.stop()
    }

    @Test(arguments: [
        LoginClient(program: .curl, mechanism: "PLAIN", isImplicit: false),
        LoginClient(program: .curl, mechanism: "LOGIN", isImplicit: false),
        LoginClient(program: .curl, mechanism: "CRAM-MD5", isImplicit: false),
        LoginClient(program: .msmtp, mechanism: "SCRAM-SHA-256", isImplicit: false),
    ])
    func `whom Dovecot knows logs in by what Dovecot speaks`(client: LoginClient) async throws {
        try await with { _, server, certificate in
            let guessed = try await client.send(to: server, certificate, password: "guess")
            #expect(guessed.status != 0)
            try await server.expectLog("tried=\(LoginClient.user) code=535")
            let result = try await client.send(to: server, certificate, password: Self.password)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            _ = try await server.message(for: "bob")
            try await server.expectLog("user=ann@example.org")
        }
    }

    @Test func `while Dovecot is away, or lacks the mechanism, clients are put off`() async throws {
        try await with { dovecot, server, certificate in
            let other = LoginClient(program: .curl, mechanism: "DIGEST-MD5", isImplicit: false)
            _ = try await other.send(to: server, certificate, password: Self.password)
            try await server.expectLog("Dovecot does not know DIGEST-MD5")
            let client = LoginClient(program: .curl, mechanism: "PLAIN", isImplicit: false)
            try await dovecot.stop()
            let refused = try await client.send(to: server, certificate, password: Self.password)
            #expect(refused.status != 0)
            try await server.expectLog("reply=\"454 4.7.0")
            try await dovecot.start()
            // Its processes for logging in begin one after the other.
            _ = try await eventually("a login") {
                try await client.send(to: server, certificate, password: Self.password).status == 0 ? true : nil
            }
        }
    }
}
