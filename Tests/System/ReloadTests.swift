import Foundation
import MailTesting
import Testing

/// How a running server takes a changed configuration.
struct ReloadTests {
    private func edit(_ server: MartletServer, _ text: String, _ replacement: String) throws {
        let old = try String(contentsOfFile: server.configurationPath, encoding: .utf8)
        #expect(old.contains(text))
        try server.directory.write(Data(old.replacing(text, with: replacement).utf8), to: "martlet.toml")
    }

    private func martlet(_ server: MartletServer, _ arguments: String...) async throws -> ProcessResult {
        try await run(MartletServer.program, arguments + ["--config", server.configurationPath])
    }

    private func hangUp(_ server: MartletServer) throws {
        kill(try #require(server.processIdentifier), SIGHUP)
    }

    private func session(_ server: MartletServer) async throws -> RawConnection {
        let client = try RawConnection(port: server.port)
        _ = try await client.reply()
        _ = try await client.ask("EHLO client.example.net")
        #expect(try await client.ask("MAIL FROM:<you@example.net>").hasPrefix("250"))
        return client
    }

    /// The code that RCPT gets in a new session.
    private func code(_ server: MartletServer, for user: String) async throws -> String {
        String(try await session(server).ask("RCPT TO:<\(user)@example.org>").prefix(3))
    }

    private func logged(_ server: MartletServer, _ event: String, count: Int = 1) async throws {
        _ = try await eventually(event) {
            server.log.components(separatedBy: event).count > count ? true : nil
        }
    }

    @Test func `a new session knows what changed, one that had begun does not`() async throws {
        try await MartletServer.with { server in
            let old = try await session(server)
            try edit(server, #""bob", "#, #""carol", "#)
            try hangUp(server)
            try await logged(server, "event=reloaded domains=1 users=3 aliases=0")
            #expect(try await old.ask("RCPT TO:<carol@example.org>").hasPrefix("550 5.1.1"))
            #expect(try await old.ask("RCPT TO:<bob@example.org>").hasPrefix("250"))
            #expect(try await code(server, for: "carol") == "250")
            #expect(try await code(server, for: "bob") == "550")
        }
    }

    @Test func `a broken file changes nothing, and every error is in the log`() async throws {
        try await MartletServer.with { server in
            try edit(server, #""bob", "#, #""bob", "a@b", "#)
            try edit(server, "[relay]", "nonsense = 1\n[relay]")
            try hangUp(server)
            try await logged(server, "event=reload-failed", count: 2)
            try await server.expectLog("\(server.configurationPath):10: ")
            #expect(try await code(server, for: "bob") == "250")
            let result = try await martlet(server, "reload")
            #expect(result.status == 78)
            #expect(result.errors.split(separator: "\n").count == 2)
        }
    }

    @Test func `the errors of a server whose file is another one than that of the command are told`() async throws {
        try await MartletServer.with { server in
            let other = try String(contentsOfFile: server.configurationPath, encoding: .utf8)
            let path = try server.directory.write(Data(other.utf8), to: "other.toml")
            try edit(server, "[relay]", "nonsense = 1\n[relay]")
            let result = try await run(MartletServer.program, ["reload", "--config", path])
            #expect(result.status == 78)
            #expect(
                result.errors
                    == "\(server.configurationPath):10: unknown key \"nonsense\" in [domain.\"example.org\"]\n"
            )
        }
    }

    @Test func `what needs a restart is named and stays as it is; the rest is in effect`() async throws {
        try await MartletServer.with { server in
            try edit(server, "hostname = \"mail.", "hostname = \"mx.")
            try edit(server, "127.0.0.1:0", "127.0.0.1:1")
            try edit(server, "[relay]", "[dns]\ntimeout = \"3s\"\ncheck_recipients = true\n[relay]")
            try edit(server, #""bob", "#, #""carol", "#)
            try edit(server, server.dataDirectory, "\(server.dataDirectory)2")
            let result = try await run(
                MartletServer.program, ["reload", "--config", server.configurationPath])
            #expect(result.status == 69, "the data folder of the file is not that of the server")
            try edit(server, "\(server.dataDirectory)2", server.dataDirectory)
            let second = try await martlet(server, "reload")
            #expect(second.status == 0, "\(second.errors)")
            #expect(
                second.output == """
                    The configuration is in effect.
                    After a restart only: dns.timeout
                    After a restart only: hostname
                    After a restart only: listener.smtp.address

                    """)
            try await server.expectLog(#"restart="dns.timeout hostname listener.smtp.address""#)
            let client = try RawConnection(port: server.port)
            #expect(try await client.reply().hasPrefix("220 mail.example.org"))
            #expect(try await code(server, for: "carol") == "250")
            // Compared with what runs, not with what was read last.
            #expect(try await martlet(server, "reload").output == second.output)
        }
    }

    @Test func `mail that was held goes the new way when it is released`() async throws {
        try await MartletServer.with { server in
            let client = try await session(server)
            _ = try await client.ask("RCPT TO:<someone@example.net>")
            _ = try await client.ask("DATA")
            #expect(try await client.ask("Subject: x\r\n\r\nx\r\n.").hasPrefix("250"))
            try await logged(server, "event=held")
            try edit(server, "[relay]", "[route.default]\nto = \"discard\"\n[relay]")
            #expect(try await martlet(server, "reload").status == 0)
            #expect(try await martlet(server, "queue", "release", "--all").status == 0)
            try await logged(server, "event=delivered")
            #expect(try await martlet(server, "queue", "count").output == "0\n")
        }
    }

    @Test func `files of users and aliases are watched, and broken ones change nothing`() async throws {
        let server = try MartletServer()
        let users = try server.directory.write(Data("# Staff\ncarol\n".utf8), to: "users")
        let aliases = try server.directory.write(Data("info: carol,\n  ann\n".utf8), to: "aliases")
        try edit(server, "[relay]", "users_file = \"\(users)\"\naliases_file = \"\(aliases)\"\n[relay]")
        #expect(try await martlet(server, "config", "check").output == "OK: 1 listener, 1 domain, 1 alias, 0 lists\n")
        try await server.start()
        #expect(try await code(server, for: "carol") == "250")
        #expect(try await code(server, for: "info") == "250")
        #expect(try await code(server, for: "dave") == "550")

        // What stands in the file itself is not read again with them.
        try edit(server, "[relay]", "nonsense = 1\n[relay]")
        try server.directory.write(Data("carol\ndave\n".utf8), to: "users")
        try await logged(server, "event=reloaded domains=1 users=5 aliases=1")
        #expect(try await code(server, for: "dave") == "250")

        try server.directory.write(Data("info: nobody\n".utf8), to: "aliases")
        try server.directory.write(Data("carol\nerin@example.org\n".utf8), to: "users")
        try await logged(server, "event=reload-failed", count: 2)
        try await server.expectLog("\(users):2: ")
        try await server.expectLog("the alias info@example.org leads to nobody@example.org, which does not exist")
        #expect(try await code(server, for: "dave") == "250")
        try FileManager.default.removeItem(atPath: users)
        try await logged(server, "there is no such file")
        #expect(try await code(server, for: "carol") == "250")
        try await server.stop()
    }

    @Test func `where no server runs there is nobody to read`() async throws {
        let server = try MartletServer()
        #expect(try await martlet(server, "reload").status == 69)
    }

    @Test func `the service manager hears that the configuration is read, and when it is`() async throws {
        let server = try MartletServer()
        let result = try await run(
            "/usr/bin/env",
            [
                "python3", "-c",
                """
                import os, signal, socket, subprocess, sys, time
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.settimeout(30); s.bind(sys.argv[1])
                p = subprocess.Popen(sys.argv[2:], env=dict(os.environ, NOTIFY_SOCKET=sys.argv[1]))
                hear = lambda: s.recv(1024).decode().split("\\n")
                hear(); before = time.monotonic_ns() // 1000
                p.send_signal(signal.SIGHUP)
                said = hear()
                print(said[0], before <= int(said[1].removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000)
                print(hear()[0])
                open(sys.argv[-1], "a").write("nonsense")
                p.send_signal(signal.SIGHUP)
                print(hear()[0], hear()[0])
                p.send_signal(signal.SIGTERM)
                sys.exit(p.wait())
                """, server.directory.path("notify"), MartletServer.program, "serve", "--config",
                server.configurationPath,
            ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "RELOADING=1 True\nREADY=1\nRELOADING=1 READY=1\n")
    }
}
