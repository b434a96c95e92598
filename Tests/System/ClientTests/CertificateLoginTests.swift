import Foundation
import MailTesting
import Testing

/// Users log in with the certificate that TLS has shown (EXTERNAL).
@Suite(.requires("openssl", "curl", "msmtp")) struct CertificateLoginTests {
    private func with(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (MartletServer, _ server: TestCertificate, _ ann: TestCertificate, TemporaryDirectory) async throws
            -> Void
    ) async throws {
        let files = try TemporaryDirectory()
        let ann = try await TestCertificate(for: ["email:\(LoginClient.user)"], in: files, name: "ann")
        try await TLSServer.with(
            #"client_roots = "\#(ann.certificate)""#, listener: [#"role = "submission""#]
        ) { server, certificate in
            try await body(server, certificate, ann, files)
        }
    }

    private func curl(
        _ server: MartletServer, _ certificate: TestCertificate, client: TestCertificate?,
        user: String = LoginClient.user, isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessResult {
        let own = client.map { ["--cert", $0.certificate, "--key", $0.key] } ?? []
        return try await run(
            Tool.require("curl"),
            [
                "--silent", "--verbose", "--ssl-reqd", "--cacert", certificate.certificate, "--connect-to",
                "mail.example.org::127.0.0.1:\(server.port)",
                "smtp://mail.example.org:\(server.port)/client.example.net", "--user", "\(user):", "--login-options",
                "AUTH=EXTERNAL", "--mail-from", LoginClient.user, "--mail-rcpt", "bob@example.org", "--upload-file",
                "-",
            ] + own, input: LoginClient.message)
    }

    @Test func `curl submits a message for whom the certificate names, and for nobody else`() async throws {
        try await with { server, certificate, ann, _ in
            let result = try await curl(server, certificate, client: ann)
            #expect(result.status == 0, "\(result.errors)")
            _ = try await server.message(for: "bob")
            try await server.expectLog("event=authenticated")
            try await server.expectLog("user=ann@example.org")
            let other = try await curl(server, certificate, client: ann, user: "bob@example.org")
            #expect(other.errors.contains("535 5.7.8"), "\(other.errors)")
        }
    }

    @Test func `msmtp does too`() async throws {
        try await with { server, certificate, ann, files in
            let configuration = """
                account default
                host 127.0.0.1
                port \(server.port)
                tls on
                tls_trust_file \(certificate.certificate)
                tls_host_override mail.example.org
                tls_cert_file \(ann.certificate)
                tls_key_file \(ann.key)
                auth external
                user \(LoginClient.user)
                from \(LoginClient.user)

                """
            let file = try files.write(Data(configuration.utf8), to: "msmtprc")
            let result = try await run(
                Tool.require("msmtp"), ["--file=\(file)", "bob@example.org"], input: LoginClient.message)
            #expect(result.status == 0, "\(result.errors)")
            _ = try await server.message(for: "bob")
        }
    }

    @Test func `without a certificate EXTERNAL is not offered, and passwords are`() async throws {
        try await with { server, certificate, ann, _ in
            let result = try await curl(server, certificate, client: nil)
            #expect(result.status != 0)
            #expect(result.errors.contains(/250[ -]AUTH SCRAM-SHA-256-PLUS .*PLAIN/), "\(result.errors)")
            #expect(!result.errors.contains(/250[ -]AUTH .*EXTERNAL/))
            #expect(try await curl(server, certificate, client: ann).errors.contains(/250[ -]AUTH EXTERNAL\b/))
        }
    }

    @Test func `a certificate that leads to no root of the users ends the session`() async throws {
        try await with { server, certificate, _, files in
            let forged = try await TestCertificate(for: ["email:\(LoginClient.user)"], in: files, name: "forged")
            #expect(try await curl(server, certificate, client: forged).status != 0)
            _ = try await eventually("the log") { server.log.contains("event=tls-failed") ? true : nil }
            #expect(!server.log.contains("event=authenticated"))
        }
    }
}
