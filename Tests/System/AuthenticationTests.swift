import Foundation
import MailTesting
import Testing

/// Users log in to the real server, with clients that others wrote.
@Suite(.requires("openssl", "swaks")) struct AuthenticationTests {
    private static let password = "täglich Brot"

    /// A submission server for ann, who has a password.
    private func with(
        listener: [String] = [#"role = "submission""#], _ configuration: String = "",
        isolation: isolated (any Actor)? = #isolation,
        _ body: (MartletServer, TestCertificate) async throws -> Void
    ) async throws {
        let files = try TemporaryDirectory()
        let users = files.path("users")
        try await addUser(at: users, mechanisms: configuration)
        try await TLSServer.with(
            "[auth]\nusers_file = \"\(users)\"\n\(configuration)", listener: listener, body)
    }

    private func addUser(at path: String, mechanisms: String, isolation: isolated (any Actor)? = #isolation)
        async throws
    {
        let files = try TemporaryDirectory()
        let file = try files.write(
            Data("hostname = \"mail.example.org\"\n[auth]\nusers_file = \"\(path)\"\n\(mechanisms)\n".utf8),
            to: "m.toml")
        let result = try await martlet(
            "user", "add", "--config", file, "ann@example.org", input: Data("\(Self.password)\n".utf8))
        try #require(result.status == 0, "\(result.errors)")
    }

    private func martlet(
        _ arguments: String..., input: Data = Data(), isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessResult {
        try await run(MartletServer.program, arguments, input: input)
    }

    private func swaks(
        _ server: MartletServer, _ mechanism: String, password: String = password, from: String = "ann@example.org",
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> ProcessResult {
        try await run(
            Tool.require("swaks"),
            [
                "--server", "127.0.0.1:\(server.port)", "--tls", "--from", from, "--to", "bob@example.org", "--auth",
                mechanism, "--auth-user", "ann@example.org", "--auth-password", password,
            ])
    }

    @Test(arguments: ["PLAIN", "LOGIN"])
    func `swaks submits a message for a user`(mechanism: String) async throws {
        try await with { server, _ in
            let result = try await swaks(server, mechanism)
            #expect(result.status == 0, "\(result.output)")
            let text = String(decoding: try await server.message(for: "bob"), as: UTF8.self)
            #expect(text.contains("with ESMTPSA id "))
            try await server.expectLog("user=ann@example.org")
            #expect(!server.log.contains("Brot"))
        }
    }

    @Test func `a wrong password and a foreign sender are refused`() async throws {
        try await with { server, _ in
            let guessed = try await swaks(server, "PLAIN", password: "guess")
            #expect(guessed.output.contains("535 5.7.8 "))
            let foreign = try await swaks(server, "PLAIN", from: "bob@example.org")
            #expect(foreign.output.contains("553 5.7.1 "))
            let detailed = try await swaks(server, "PLAIN", from: "ann+news@example.org")
            #expect(detailed.status == 0)
        }
    }

    @Test func `in clear nobody is heard, and without a user nothing is taken`() async throws {
        try await with { server, _ in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            let hello = try await client.ask("EHLO c")
            #expect(!hello.contains("AUTH"))
            try await client.expect("AUTH PLAIN AGFubgBh", "538 5.7.11 ")
            try await client.expect("MAIL FROM:<ann@example.org>", "530 5.7.0 ")
        }
    }

    @Test(.requires("gsasl"), arguments: ["SCRAM-SHA-256", "PLAIN"])
    func `gsasl proves who it is, and the server proves itself`(mechanism: String) async throws {
        try await with { server, _ in
            let result = try await run(
                Tool.require("gsasl"),
                [
                    "--no-cb", "--smtp", "--connect", "127.0.0.1:\(server.port)", "--x509-ca-file", "",
                    "--mechanism", mechanism, "--authentication-id", "ann@example.org", "--authorization-id", "",
                    "--password", Self.password, "--hostname", "mail.example.org",
                ], input: Data())
            #expect(
                result.output.contains("235 2.7.0") || result.errors.contains("235 2.7.0"),
                "\(result.output)\(result.errors)")
        }
    }

    @Test func `martlet send logs in, and its dialogue shows no secret`() async throws {
        let files = try TemporaryDirectory()
        let file = try files.write(Data("\(Self.password)\n".utf8), to: "password")
        try await with { server, _ in
            let result = try await martlet(
                "send", "--via", "smtp://127.0.0.1:\(server.port)", "--user", "ann@example.org", "--password-file",
                file, "--from", "ann@example.org", "--to", "bob@example.org", "--text", "Hello", "--dialogue")
            #expect(result.status == 0, "\(result.errors)")
            let shown = "\(result.output)\(result.errors)"
            #expect(shown.contains("AUTH SCRAM-SHA-256-PLUS [secret]"))
            #expect(!shown.contains("n=ann"))
            #expect(shown.contains("< 334 [secret]") && shown.contains("< 235 2.7.0 [secret]"), "\(shown)")
            #expect(!shown.contains(/334 [^\[]/) && !shown.contains(/235 2.7.0 [^\[]/), "\(shown)")
            _ = try await server.message(for: "bob")
        }
    }

    @Test func `a relay logs in at its smart host as the route says`() async throws {
        let files = try TemporaryDirectory()
        let file = try files.write(Data("\(Self.password)\n".utf8), to: "password")
        try await with { host, _ in
            let route = """
                [route.default]
                to = "smtp://127.0.0.1:\(host.port)"
                tls = "must"
                user = "ann@example.org"
                password_file = "\(file)"
                """
            try await MartletServer.with(configuration: route) { relay in
                let result = try await martlet(
                    "send", "--via", "smtp://127.0.0.1:\(relay.port)", "--from", "ann@example.org", "--to",
                    "bob@example.com", "--text", "Hello")
                #expect(result.status == 0, "\(result.errors)")
                _ = try await eventually("the smart host's log") {
                    host.log.contains("event=accepted") && host.log.contains("user=ann@example.org") ? true : nil
                }
            }
        }
    }

    @Test func `users are listed, tested, changed and removed, and the server follows`() async throws {
        let files = try TemporaryDirectory()
        let users = files.path("users")
        try await addUser(at: users, mechanisms: "")
        let toml = try files.write(Data("[auth]\nusers_file = \"\(users)\"\n".utf8), to: "m.toml")
        func user(_ arguments: String..., input: String = "") async throws -> ProcessResult {
            try await run(MartletServer.program, ["user"] + arguments + ["--config", toml], input: Data(input.utf8))
        }
        let list = try await user("list")
        #expect(list.output == "ann@example.org  CRYPT SCRAM-SHA-256\n")
        #expect(try await user("test", "ANN@example.org", input: "\(Self.password)\n").status == 0)
        #expect(try await user("test", "ann@example.org", input: "guess\n").status == 1)
        #expect(try await user("passwd", "ann@example.org", input: "new\n").status == 0)
        #expect(try await user("test", "ann@example.org", input: "new\n").status == 0)
        #expect(try await user("add", "ann@example.org", input: "x\n").status == 65)
        #expect(try await user("remove", "ann@example.org").status == 0)
        #expect(try await user("list").output.isEmpty)
        let mode = try FileManager.default.attributesOfItem(atPath: users)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}

extension RawConnection {
    /// Sends a command and expects a reply that begins so.
    fileprivate func expect(
        _ command: String, _ reply: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await ask(command)
        #expect(answer.hasPrefix(reply), "\(command)", sourceLocation: sourceLocation)
    }
}
