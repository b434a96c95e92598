import Foundation
import MailTesting
import Testing

/// Mail programs log in with access tokens that openssl has signed.
@Suite(.requires("openssl", "curl", "msmtp")) struct TokenLoginTests {
    /// Whoever gives the tokens out.
    private struct Issuer {
        let key: String
        let publicKey: String

        init(in files: TemporaryDirectory, isolation: isolated (any Actor)? = #isolation) async throws {
            (key, publicKey) = (files.path("issuer.key"), files.path("issuer.pem"))
            let openssl = try Tool.require("openssl")
            for arguments in [
                ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key],
                ["pkey", "-in", key, "-pubout", "-out", publicKey],
            ] {
                try #require(try await run(openssl, arguments).status == 0)
            }
        }

        func token(
            for user: String, lifetime: Double = 300, isolation: isolated (any Actor)? = #isolation
        ) async throws -> String {
            let expires = Int(Date().timeIntervalSince1970 + lifetime)
            let claims =
                #"{"iss":"https://login.example.org","aud":"mail","email":"\#(user)","exp":\#(expires)}"#
            let signed = "\(Self.encode(Data(#"{"alg":"RS256"}"#.utf8))).\(Self.encode(Data(claims.utf8)))"
            let signature = try await run(
                Tool.require("openssl"), ["dgst", "-sha256", "-sign", key], input: Data(signed.utf8))
            return "\(signed).\(Self.encode(signature.standardOutput))"
        }

        private static func encode(_ data: Data) -> String {
            data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
    }

    private func with(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (Issuer, MartletServer, TestCertificate) async throws -> Void
    ) async throws {
        let files = try TemporaryDirectory()
        let issuer = try await Issuer(in: files)
        let oauth = """
            [oauth]
            key_file = "\(issuer.publicKey)"
            issuer = "https://login.example.org"
            audience = "mail"
            """
        try await TLSServer.with(oauth, listener: [#"role = "submission""#]) { server, certificate in
            try await body(issuer, server, certificate)
        }
    }

    private func curl(
        _ server: MartletServer, _ certificate: TestCertificate, _ mechanism: String, token: String,
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessResult {
        try await run(
            Tool.require("curl"),
            [
                "--silent", "--verbose", "--ssl-reqd", "--cacert", certificate.certificate, "--connect-to",
                "mail.example.org::127.0.0.1:\(server.port)",
                "smtp://mail.example.org:\(server.port)/client.example.net", "--user", LoginClient.user,
                "--oauth2-bearer", token, "--login-options", "AUTH=\(mechanism)", "--mail-from", LoginClient.user,
                "--mail-rcpt", "bob@example.org", "--upload-file", "-",
            ], input: LoginClient.message)
    }

    @Test(arguments: ["OAUTHBEARER", "XOAUTH2"])
    func `curl submits a message for whom the token names`(mechanism: String) async throws {
        try await with { issuer, server, certificate in
            let token = try await issuer.token(for: LoginClient.user)
            let result = try await curl(server, certificate, mechanism, token: token)
            #expect(result.status == 0, "\(result.errors)")
            _ = try await server.message(for: "bob")
            try await server.expectLog("user=ann@example.org")
            #expect(!server.log.contains(token.prefix(40)))
        }
    }

    @Test(arguments: ["OAUTHBEARER", "XOAUTH2"])
    func `msmtp does too`(mechanism: String) async throws {
        try await with { issuer, server, certificate in
            let client = LoginClient(program: .msmtp, mechanism: mechanism, isImplicit: false)
            let token = try await issuer.token(for: LoginClient.user)
            let result = try await client.send(to: server, certificate, password: token)
            #expect(result.status == 0, "\(result.errors)")
            _ = try await server.message(for: "bob")
        }
    }

    @Test func `a token that is too old, of somebody else, or signed by nobody is refused with the reason`()
        async throws
    {
        try await with { issuer, server, certificate in
            let old = try await issuer.token(for: LoginClient.user, lifetime: -300)
            let result = try await curl(server, certificate, "OAUTHBEARER", token: old)
            let challenge = Data(#"{"status":"invalid_token","schemes":"bearer"}"#.utf8).base64EncodedString()
            #expect(result.errors.contains("334 \(challenge)"), "\(result.errors)")
            #expect(result.errors.contains("535 5.7.8"), "\(result.errors)")
            try await server.expectLog("it has expired")
            let others = try await issuer.token(for: "bob@example.org")
            #expect(try await curl(server, certificate, "XOAUTH2", token: others).errors.contains("535 5.7.8"))
            let forged = try await issuer.token(for: LoginClient.user).dropLast(8) + "AAAAAAAA"
            #expect(
                try await curl(server, certificate, "OAUTHBEARER", token: String(forged)).errors.contains("535 5.7.8"))
            let unknown = try await issuer.token(for: "carl@example.org")
            #expect(
                try await curl(server, certificate, "OAUTHBEARER", token: unknown).errors.contains("535 5.7.8"))
            #expect(!server.log.contains("event=authenticated"))
        }
    }
}
