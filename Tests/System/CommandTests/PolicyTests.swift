import Foundation
import MailTesting
import Testing

/// `[policy]` on the built server.
struct PolicyTests {
    private func reply(to recipient: String, _ configuration: String, trusted: [String] = []) async throws -> String {
        try await MartletServer.with(configuration: configuration, trusted: trusted) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            _ = try await client.ask("MAIL FROM:<you@example.net>")
            return try await client.ask("RCPT TO:<\(recipient)>")
        }
    }

    @Test func `a stranger is put off where greylisting is on, and nobody else`() async throws {
        let configuration = "[policy]\ngreylisting = true"
        #expect(try await reply(to: "ann@example.org", configuration).hasPrefix("450 4.7.1"))
        #expect(try await reply(to: "ann@example.org", configuration, trusted: ["127.0.0.0/8"]).hasPrefix("250"))
        #expect(try await reply(to: "ann@example.org", "").hasPrefix("250"))
    }

    @Test func `who was let through is known after a restart`() async throws {
        let server = try MartletServer(
            configuration: "[policy]\ngreylisting = true\ngreylisting_pause = \"1s\"", trusted: [])
        let reply = {
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            _ = try await client.ask("MAIL FROM:<you@example.net>")
            return try await client.ask("RCPT TO:<ann@example.org>")
        }
        try await server.start()
        #expect(try await reply().hasPrefix("450 4.7.1"))
        _ = try await eventually("being let through") { try await reply().hasPrefix("250") ? true : nil }
        try await server.stop()
        try await server.start()
        #expect(try await reply().hasPrefix("250"))
        try await server.stop()
    }

    @Test func `a program that cannot be reached is named in the log, with the reason`() async throws {
        let port = try LoopbackListener.freePort()
        let configuration = "[policy]\nprogram = \"inet:127.0.0.1:\(port)\""
        try await MartletServer.with(configuration: configuration, trusted: []) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            for line in ["EHLO c", "MAIL FROM:<you@example.net>"] { _ = try await client.ask(line) }
            #expect(try await client.ask("RCPT TO:<ann@example.org>").hasPrefix("451 4.3.5"))
            let line = try await eventually("the warning") {
                server.log.split(separator: "\n").first { $0.contains("event=policy-failed") }
            }
            #expect(line.contains("program=127.0.0.1:\(port)") && line.contains("it cannot be reached: "), "\(line)")
        }
    }

    /// What a policy program is asked when somebody logs in and names a recipient elsewhere.
    private func asked(aboutUsers: Bool) async throws -> String {
        let files = try TemporaryDirectory()
        try files.write(Data("ann@example.org:{PLAIN}secret\n".utf8), to: "users")
        let output = files.path("asked")
        let program = try RunningProcess(
            Tool.require("python3"), [script("policy.py")], output: output, errors: files.path("errors"))
        let text = { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
        let port = try await eventually("the program's port") { text().contains("\n") ? Int(text().dropLast()) : nil }
        let configuration = """
            [auth]
            users_file = "\(files.path("users"))"
            [policy]
            program = "127.0.0.1:\(port)"
            program_users = \(aboutUsers)
            """
        try await MartletServer.with(configuration: configuration, listener: [#"auth = "clear""#], trusted: []) {
            server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            let login = Data("\0ann@example.org\0secret".utf8).base64EncodedString()
            #expect(try await client.ask("AUTH PLAIN \(login)").hasPrefix("235"))
            #expect(try await client.ask("MAIL FROM:<ann@example.org>").hasPrefix("250"))
            #expect(try await client.ask("RCPT TO:<you@example.net>").hasPrefix("250"))
        }
        program.signal(SIGTERM)
        _ = try await program.end()
        return text()
    }

    @Test(.requires("python3")) func `a program is told who has logged in, where it is asked about users`() async throws
    {
        let asked = try await asked(aboutUsers: true)
        #expect(asked.contains("\nsasl_method=PLAIN\nsasl_username=ann@example.org\n"))
        #expect(asked.contains("\nrecipient=you@example.net\n"))
    }

    @Test(.requires("python3")) func `else nobody is asked about a user`() async throws {
        #expect(try await !asked(aboutUsers: false).contains("sasl_username"))
    }

    @Test func `a program that does not answer refuses for now`() async throws {
        let port = try LoopbackListener.freePort()
        let reply = try await reply(to: "ann@example.org", "[policy]\nprogram = \"127.0.0.1:\(port)\"")
        #expect(reply.hasPrefix("451 4.3.5"))
    }

    @Test(.requires("python3")) func `a program on the Web decides by JSON, or by a line`() async throws {
        let web = try await WebServer()
        let configuration = "[policy]\nprogram = \"http://127.0.0.1:\(web.port)/policy\""
        try await MartletServer.with(configuration: configuration, trusted: []) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            for (sender, expected) in [
                ("json@example.net", "554 5.7.2 Not you"), ("line@example.net", "450 4.7.1 Later"),
                ("other@example.net", "250"),
            ] {
                _ = try await client.ask("RSET")
                _ = try await client.ask("MAIL FROM:<\(sender)>")
                let reply = try await client.ask("RCPT TO:<ann@example.org>")
                #expect(reply.hasPrefix(expected))
            }
        }
        #expect(web.asked.first?.contains(#""client_address":"127.0.0.1""#) == true, "\(web.asked)")
    }

    @Test(.requires("python3")) func `one that answers with an error refuses for now, and the log says so`()
        async throws
    {
        let web = try await WebServer()
        let configuration = "[policy]\nprogram = \"http://127.0.0.1:\(web.port)/status/500\""
        try await MartletServer.with(configuration: configuration, trusted: []) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            for line in ["EHLO c", "MAIL FROM:<you@example.net>"] { _ = try await client.ask(line) }
            #expect(try await client.ask("RCPT TO:<ann@example.org>").hasPrefix("451 4.3.5"))
            _ = try await eventually("the warning") { server.log.contains("the HTTP status 500") ? true : nil }
        }
    }
}
