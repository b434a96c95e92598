import Foundation
import MailTesting
import Testing

/// How `martlet serve` starts and ends.
struct ServeCommandTests {
    private func serve(_ configuration: String) async throws -> ProcessResult {
        try await run(MartletServer.program, ["serve", "--config", configuration])
    }

    /// A client that is asked for content.
    private func clientInContent(_ server: MartletServer) async throws -> RawConnection {
        let client = try RawConnection(port: server.port)
        _ = try await client.reply()
        for command in ["EHLO client.example.net", "MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.org>", "DATA"] {
            _ = try await client.ask(command)
        }
        return client
    }

    @Test func `a configuration with errors is told line by line, with exit code 78`() async throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(
            Data("hostname = \"mx.example.org\"\n[limits]\nrecipient = 5\nerrors = \"many\"\n".utf8), to: "martlet.toml"
        )
        for command in [["config", "check"], ["serve"]] {
            let result = try await run(MartletServer.program, command + ["--config", path])
            #expect(result.status == 78)
            #expect(result.output == "")
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("\(path):3: ") == true)
            #expect(lines.last?.hasPrefix("\(path):4: ") == true)
        }
    }

    @Test func `output that cannot be written is an error, and a reader that leaves is none`() async throws {
        let message = ["send", "--to", "a@example.org", "--from", "b@example.org", "--text", "x", "--dry-run"]
        for command in [["config", "reference"], ["explain", "550 5.1.1"], message] {
            let shell = ["-c", "exec \"$0\" \"$@\" > /dev/full", try MartletServer.program]
            let full = try await run("/bin/sh", shell + command)
            #expect(full.status == 74)
            #expect(full.errors.hasSuffix("martlet: standard output cannot be written: No space left on device\n"))
        }
        let pipe = ["-c", "\"$0\" config reference | head -n 1", try MartletServer.program]
        let closed = try await run("/bin/sh", pipe)
        #expect(closed.output == "# Configuration\n" && closed.errors.isEmpty)
    }

    @Test func `a configuration without errors is fine`() async throws {
        let server = try MartletServer()
        let result = try await run(
            MartletServer.program, ["config", "check", "--config", server.configurationPath])
        #expect(result.status == 0)
        #expect(result.output == "OK: 1 listener, 1 domain, 0 aliases, 0 lists\n")
    }

    @Test func `the log says in which mailbox a message was put`() async throws {
        try await MartletServer.with { server in
            let result = try await run(
                MartletServer.program,
                ["send", "--from", "you@example.net", "--to", "ann@example.org"]
                    + ["--via", "smtp://127.0.0.1:\(server.port)"])
            #expect(result.status == 0, "\(result.errors)")
            let mailbox = "\(server.dataDirectory)/mail/example.org/ann"
            _ = try await eventually("the delivery's being logged") {
                server.log.contains("event=delivered") ? true : nil
            }
            #expect(server.log.contains(" mailbox=\(mailbox) "))
        }
    }

    @Test func `a check warns of a server that takes no mail`() async throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(Data("hostname = \"mx.example.org\"\n".utf8), to: "martlet.toml")
        let result = try await run(MartletServer.program, ["config", "check", "--config", path])
        #expect(result.status == 0)
        #expect(result.errors.hasPrefix("martlet: warning: no domain is local"))
    }

    @Test func `an address that is taken ends the start, with the reason`() async throws {
        try await MartletServer.with { server in
            let other = try MartletServer()
            let text = try String(contentsOfFile: other.configurationPath, encoding: .utf8)
            try other.directory.write(
                Data(text.replacing("127.0.0.1:0", with: "127.0.0.1:\(server.port)").utf8), to: "martlet.toml")
            let result = try await serve(other.configurationPath)
            #expect(result.status == 71)
            let place = "martlet: [listener.smtp] cannot listen on 127.0.0.1:\(server.port)"
            #expect(result.errors.hasSuffix("\(place): another program listens there already\n"))
        }
    }

    @Test func `a second server on the same data is refused, and the first goes on`() async throws {
        try await MartletServer.with { server in
            let result = try await serve(server.configurationPath)
            #expect(result.status == 75)
            #expect(result.errors.contains("\nmartlet: the spool is in use by process "))
            let client = try RawConnection(port: server.port)
            #expect(try await client.reply().hasPrefix("220 "))
        }
    }

    @Test func `a start waits for a queue command that is about to be done`() async throws {
        let server = try MartletServer()
        let queue = server.dataDirectory + "/queue"
        try FileManager.default.createDirectory(atPath: queue, withIntermediateDirectories: true)
        let lock = open("\(queue)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        #expect(flock(lock, LOCK_EX) == 0)
        async let start: Void = server.start()
        // The server waits for five seconds, and all tasks of the tests together may take longer to get a turn.
        try await onThread {
            defer { close(lock) }
            let deadline = ContinuousClock.now + .seconds(60)
            while !server.log.contains("event=waiting"), ContinuousClock.now < deadline { usleep(1_000) }
        }
        try await start
        #expect(server.log.contains("event=waiting"))
        try await server.stop()
    }

    @Test func `a server that is told to end finishes the transaction and turns others away`() async throws {
        let server = try MartletServer()
        try await server.start()
        let busy = try await clientInContent(server)
        let idle = try RawConnection(port: server.port)
        _ = try await idle.reply()

        async let end: Void = server.stop()
        #expect(try await idle.rest().hasPrefix("421 4.3.2 mail.example.org "))
        busy.send("Subject: Last\r\n\r\nThe last one.\r\n.\r\n")
        #expect(try await busy.reply().hasPrefix("250 "))
        #expect(try await busy.rest().hasPrefix("421 4.3.2 "))
        try await end

        try await server.start()
        let delivered = String(decoding: try await server.message(for: "ann"), as: UTF8.self)
        #expect(delivered.hasSuffix("Subject: Last\r\n\r\nThe last one.\r\n"))
        try await server.stop()
    }

    @Test func `a transaction that outlasts the drain timeout is not accepted`() async throws {
        let server = try MartletServer(configuration: "[limits]\ndrain_timeout = \"100ms\"")
        try await server.start()
        let client = try await clientInContent(server)
        client.send("Subject: Never\r\n")
        try await server.stop()
        #expect(try await client.rest().hasPrefix("421 4.3.2 "))
        #expect(try server.messages(for: "ann").isEmpty)
    }

    @Test func `the service manager hears when mail is taken and when the server ends`() async throws {
        let folder = try TemporaryDirectory()
        let server = try MartletServer()
        let result = try await run(
            "/usr/bin/env",
            [
                "python3", "-c",
                """
                import os, signal, socket, subprocess, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.settimeout(30); s.bind(sys.argv[1])
                p = subprocess.Popen(sys.argv[2:], env=dict(os.environ, NOTIFY_SOCKET=sys.argv[1]))
                print(s.recv(1024).decode().split()[0])
                p.send_signal(signal.SIGTERM)
                print(s.recv(1024).decode().split()[0])
                sys.exit(p.wait())
                """, folder.path("notify"), MartletServer.program, "serve", "--config", server.configurationPath,
            ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "READY=1\nSTOPPING=1\n")
    }
}
