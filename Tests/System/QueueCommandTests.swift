import Foundation
import MailTesting
import Testing

/// `martlet queue`, with a server and without one.
struct QueueCommandTests {
    private func martlet(_ server: MartletServer, _ arguments: String...) async throws -> ProcessResult {
        try await run(MartletServer.program, ["queue"] + arguments + ["--config", server.configurationPath])
    }

    /// Hands in a message for another system, which stays in the queue.
    private func submit(_ server: MartletServer, to recipients: [String] = ["someone@example.net"]) async throws
        -> String
    {
        let client = try RawConnection(port: server.port)
        _ = try await client.reply()
        for command in ["EHLO client.example.net", "MAIL FROM:<ann@example.org>"]
            + recipients.map({ "RCPT TO:<\($0)>" })
        {
            #expect(try await client.ask(command).hasPrefix("250"))
        }
        _ = try await client.ask("DATA")
        let reply = try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.")
        return String(try #require(reply.wholeMatch(of: /250 2\.0\.0 Queued as (\w+)/)).1)
    }

    /// Waits until the message is held, for there is no way to where it should go.
    private func held(_ server: MartletServer) async throws {
        _ = try await eventually("the message's being held") { server.log.contains("event=held") ? true : nil }
    }

    private func objects(_ output: String) throws -> [[String: Any]] {
        try output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func `an empty queue is said to be empty, whether the server runs or not`() async throws {
        try await MartletServer.with { server in
            #expect(try await martlet(server, "list").output == "Mail queue is empty\n")
            #expect(try await martlet(server, "count").output == "0\n")
            #expect(try await martlet(server, "list", "--json").output == "")
            try await server.stop()
            #expect(try await martlet(server, "list").output == "Mail queue is empty\n")
            try await server.start()
        }
    }

    /// Runs a command that may not use the data folder; root goes without the right to pass over permissions.
    private func runWithoutPermission(_ server: MartletServer, _ command: [String]) async throws -> ProcessResult {
        let arguments = command + ["--config", server.configurationPath]
        chmod(server.dataDirectory, 0)
        defer { chmod(server.dataDirectory, 0o700) }
        guard geteuid() == 0 else { return try await run(MartletServer.program, arguments) }
        let limits = ["--bounding-set", "-dac_override,-dac_read_search"]
        return try await run(try Tool.require("setpriv"), limits + [try MartletServer.program] + arguments)
    }

    @Test(.requires("setpriv"))
    func `a queue that may not be looked at is not taken for an empty one`() async throws {
        try await MartletServer.with { server in
            let socket = "\(server.dataDirectory)/control.sock"
            for command in [["queue", "count"], ["queue", "list"], ["reload"]] {
                let result = try await runWithoutPermission(server, command)
                #expect(result.status == 77)
                #expect(result.output == "")
                #expect(result.errors.hasPrefix("martlet: \(socket): Permission denied; "))
            }
            try await server.stop()
            #expect(try await runWithoutPermission(server, ["queue", "count"]).status == 77)
            let start = try await runWithoutPermission(server, ["serve"])
            #expect(start.status == 77)
            #expect(
                start.errors.contains("\(server.dataDirectory)/queue, the queue below the folder that the key data"))
            try await server.start()
        }
    }

    @Test func `a message that waits is listed by a server, and the same without one`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server)
            try await held(server)
            let running = try await martlet(server, "list")
            #expect(running.status == 0, "\(running.errors)")
            let lines = running.output.split(separator: "\n")
            #expect(lines.first?.hasPrefix("\(id)  ") == true)
            #expect(lines.first?.hasSuffix("  <ann@example.org>") == true)
            #expect(lines.dropFirst().first == "    held  <someone@example.net>  (2.0.0 Held by the route)")
            #expect(lines.last == "-- 1 Kbytes in 1 Requests.", "what monitoring looks for")
            #expect(try await martlet(server, "count").output == "1\n")

            try await server.stop()
            #expect(try await martlet(server, "list").output == running.output)
            #expect(try await martlet(server, "count").output == "1\n")
            try await server.start()
        }
    }

    @Test func `with --json each message is a line with the names that postqueue gives`() async throws {
        try await MartletServer.with { server in
            let id = try await submit(server, to: ["someone@example.net", "other@example.com"])
            try await held(server)
            let record = try #require(try objects(try await martlet(server, "list", "--json").output).first)
            #expect(record["queue_id"] as? String == id)
            #expect(record["queue_name"] as? String == "hold")
            #expect(record["sender"] as? String == "ann@example.org")
            #expect(record["forced_expire"] as? Bool == false)
            #expect((record["message_size"] as? Int).map { $0 > 26 } == true)
            let arrival = try #require(record["arrival_time"] as? Int)
            #expect(abs(Date().timeIntervalSince1970 - Double(arrival)) < 600)
            let recipients = try #require(record["recipients"] as? [[String: Any]])
            #expect(recipients.map { $0["address"] as? String } == ["someone@example.net", "other@example.com"])
            #expect(recipients.allSatisfy { $0["delay_reason"] as? String == "Held by the route" })

            let shown = try objects(try await martlet(server, "show", "--json", id).output)
            #expect(shown.first?["queue_id"] as? String == id)
            let count = try #require(try objects(try await martlet(server, "count", "--json").output).first)
            #expect(count["messages"] as? Int == 1)
            #expect(count["recipients"] as? [String: Int] == ["held": 2])
        }
    }

    @Test func `a list that is longer than what the system keeps for a socket comes to its end`() async throws {
        try await MartletServer.with { server in
            let recipients = (0..<1_000).map { "recipient-with-a-long-name-\($0)@example.net" }
            let ids = [try await submit(server, to: recipients), try await submit(server, to: recipients)]
            let result = try await martlet(server, "list", "--json")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.utf8.count > 250_000)
            #expect(try objects(result.output).map { $0["queue_id"] as? String } == ids)
        }
    }

    @Test func `what is asked for wrongly is an error`() async throws {
        try await MartletServer.with { server in
            let unknown = try await martlet(server, "show", "11")
            #expect(unknown.status == 65)
            #expect(unknown.errors == "martlet: there is no message 11 in the queue\n")
            #expect(try await martlet(server, "list", "--state", "lost").status == 64)
        }
    }

    @Test func `what is no request on the control socket is answered, and the server lives`() async throws {
        try await MartletServer.with { server in
            let result = try await run(
                "/usr/bin/env",
                [
                    "python3", "-c",
                    """
                    import socket, sys
                    for line in (b"nonsense\\n", b"{}\\n", b"\\n", b'{"command":"drop"}\\n'):
                        s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(line)
                        print(s.makefile().read(), end="")
                    s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(b"x" * 100000)
                    """, "\(server.dataDirectory)/control.sock",
                ])
            let answers = try objects(result.output)
            #expect(answers.count == 8)
            #expect(result.output.contains("the request cannot be read"))
            #expect(try await martlet(server, "count").output == "0\n")
        }
    }

    @Test(.timeLimit(.minutes(5))) func `somebody who connects and asks nothing does not keep the server from ending`()
        async throws
    {
        let server = try MartletServer()
        try await server.start()
        let output = server.directory.path("silent.log")
        let silent = try RunningProcess(
            "/usr/bin/env",
            [
                "python3", "-uc",
                """
                import socket, sys, time
                s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print("connected"); s.recv(1)
                """, "\(server.dataDirectory)/control.sock",
            ], output: output, errors: output)
        _ = try await eventually("the connection") {
            (try? String(contentsOfFile: output, encoding: .utf8))?.contains("connected") == true ? true : nil
        }
        try await server.stop()
        #expect(try await silent.end() == 0)
    }
}
