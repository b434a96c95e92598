import Foundation
import MailTesting
import Testing

/// TURN on the built server, in both roles, with mail both ways over one connection.
@Suite(.requires("python3", "openssl")) struct TurnTests {
    /// A line that `turn.py` prints.
    private struct Line: Decodable {
        var command, reply, message: String?
        var lines: [String]?
    }

    private func lines(_ text: String) throws -> [Line] {
        try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    /// Hands in a message for somebody elsewhere, and waits until the route holds it.
    private func submit(_ server: MartletServer, to recipient: String, _ subject: String) async throws {
        let client = try RawConnection(port: server.port)
        _ = try await client.reply()
        for line in ["EHLO c", "MAIL FROM:<ann@example.org>", "RCPT TO:<\(recipient)>", "DATA"] {
            _ = try await client.ask(line)
        }
        #expect(try await client.ask("Subject: \(subject)\r\n\r\nHello.\r\n.").hasPrefix("250"))
        _ = try await eventually("the message's being held") { server.log.contains("event=held") ? true : nil }
    }

    private func subjects(of messages: [Data]) -> [String] {
        messages.flatMap { String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isNewline) }
            .filter { $0.hasPrefix("Subject: ") }.map(String.init)
    }

    @Test func `a customer hands in its mail, turns the connection, and gets what waits for it`() async throws {
        let configuration = """
            [route."customer.example"]
            to = "hold"
            [turn.customer]
            domains = ["customer.example"]
            turn = true
            [commands]
            xclient = ["127.0.0.1"]
            """
        try await TLSServer.with(configuration) { server, _ in
            try await submit(server, to: "boss@customer.example", "For the customer")
            let result = try await run(Tool.require("python3"), [script("turn.py"), "customer", "\(server.port)"])
            #expect(result.status == 0, "\(result.errors)")
            let lines = try lines(result.output)
            let turns = lines.filter { $0.command == "TURN" }.map { $0.reply ?? "" }
            #expect(
                turns.map { $0.prefix(9) } == ["502 5.5.1", "502 5.5.1", "250 2.0.0"],
                "before it has authenticated, as somebody else, and as itself")
            let offers = lines.filter { $0.command?.hasPrefix("EHLO ") == true && $0.lines?.contains("TURN") == true }
            #expect(offers.map(\.command) == ["EHLO customer.example"], "it is offered to whom it is for")
            let messages = lines.compactMap(\.message)
            #expect(messages.count == 1 && messages[0].contains("Subject: For the customer"))
            #expect(lines.contains { $0.command == "MAIL FROM:<ann@example.org>" })
            #expect(lines.last?.command == "QUIT")
            #expect(subjects(of: try await server.messages(for: "ann", count: 1)) == ["Subject: From the customer"])
            _ = try await eventually("the end of the visit") {
                server.log.contains("event=visit-ended user=customer delivered=1") ? true : nil
            }
            try await server.expectLog("event=turned")
        }
    }

    @Test func `martlet turn hands in what waits, turns the connection, and takes what comes`() async throws {
        let configuration = "[route.\"elsewhere.example\"]\nto = \"hold\""
        try await MartletServer.with(configuration: configuration, trusted: ["192.0.2.0/24", "127.0.0.1"]) { server in
            try await submit(server, to: "someone@elsewhere.example", "To the provider")
            let port = try LoopbackListener.freePort()
            let output = server.directory.path("provider")
            let provider = try RunningProcess(
                Tool.require("python3"), [script("turn.py"), "provider", "\(port)"], output: output,
                errors: server.directory.path("provider-errors"))
            let heard = { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
            _ = try await eventually("the provider") { heard().contains("ready") ? true : nil }
            let result = try await run(
                MartletServer.program,
                [
                    "turn", "--turn", "--send", "elsewhere.example", "smtp://127.0.0.1:\(port)", "--config",
                    server.configurationPath,
                ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(
                result.output
                    == "1 recipient got their mail there\nTURN: 250 you are the server\nThe session is over\n")
            #expect(try await provider.end() == 0)
            let lines = try lines(heard())
            #expect(lines.compactMap(\.message).first?.contains("Subject: To the provider") == true)
            #expect(lines.contains { $0.command == "turned" && $0.reply == "220 mail.example.org ESMTP Martlet" })
            #expect(subjects(of: try await server.messages(for: "ann", count: 1)) == ["Subject: From the provider"])
            let count = try await run(
                MartletServer.program, ["queue", "count", "--config", server.configurationPath])
            #expect(count.output == "0\n")
        }
    }

    private static let failures: [([String], RemoteScript, Int32)] = [
        (["--tls", "verify"], RemoteScript(), 76), ([], RemoteScript([.greeting: .answer("554 Not you")]), 69),
        ([], RemoteScript([.greeting: .answer("450 Later")]), 75),
    ]

    @Test(arguments: Self.failures)
    func `the exit code says what was wrong`(options: [String], script: RemoteScript, status: Int32) async throws {
        try await MartletServer.with { server in
            try await ScriptedRemote.with(script) { remote in
                let arguments = ["smtp://127.0.0.1:\(remote.port)", "--config", server.configurationPath]
                let result = try await run(MartletServer.program, ["turn"] + options + arguments)
                #expect(result.status == status, "\(result.errors)")
            }
        }
    }

    @Test func `where nothing listens, or the arguments make no sense, the command says so`() async throws {
        try await MartletServer.with { server in
            let port = try LoopbackListener.freePort()
            let refused = try await run(
                MartletServer.program, ["turn", "smtp://127.0.0.1:\(port)", "--config", server.configurationPath])
            #expect(refused.status == 75 && refused.errors.contains("127.0.0.1:\(port)"))
            for arguments in [["--etrn", "smtp://127.0.0.1"], ["--turn", "smtp://127.0.0.1", "example.org"]] {
                #expect(try await run(MartletServer.program, ["turn"] + arguments).status == 64)
            }
        }
    }
}
