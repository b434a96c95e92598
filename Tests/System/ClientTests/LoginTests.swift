import Foundation
import MailTesting
import Testing

/// Mail programs that others wrote log in to the real server and submit a message.
@Suite(.requires("openssl", "curl", "msmtp", "python3", "swaks")) struct LoginTests {
    private static let password = "daily bread 7"

    /// A submission server for ann, whose file of users `martlet user` wrote.
    private func with(
        _ configuration: String = "", listener: [String] = [], isolation: isolated (any Actor)? = #isolation,
        _ body: (MartletServer, TestCertificate) async throws -> Void
    ) async throws {
        let files = try TemporaryDirectory()
        let auth = "[auth]\nusers_file = \"\(files.path("users"))\"\n"
        let file = try files.write(Data("hostname = \"mail.example.org\"\n\(auth)".utf8), to: "m.toml")
        let result = try await run(
            MartletServer.program, ["user", "add", "--config", file, LoginClient.user],
            input: Data("\(Self.password)\n".utf8))
        try #require(result.status == 0, "\(result.errors)")
        try await TLSServer.with(
            "\(configuration)\n\(auth)", listener: [#"role = "submission""#] + listener, body)
    }

    @Test(arguments: LoginClient.all)
    func `a client that knows the password submits a message, and one that guesses does not`(client: LoginClient)
        async throws
    {
        try await with(listener: client.isImplicit ? [#"tls = "implicit""#] : []) { server, certificate in
            let guessed = try await client.send(to: server, certificate, password: "guess")
            #expect(guessed.status != 0)
            try await server.expectLog("tried=\(LoginClient.user) code=535")
            let result = try await client.send(to: server, certificate, password: Self.password)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            let message = String(decoding: try await server.message(for: "bob"), as: UTF8.self)
            #expect(message.contains("with ESMTPSA id ") && message.contains("Subject: Logged in"))
            try await server.expectLog("event=authenticated")
            #expect(!server.log.contains("bread"))
        }
    }
}
