import Foundation
import MailTesting
import Testing

/// What a sender hears of mail that was taken and could not be delivered, from the built server.
struct ReportTests {
    /// An alias leads to a place for which there is no way.
    private static let configuration = """
        [alias]
        "dead@example.org" = ["someone@example.net"]
        [route."example.net"]
        to = "error:5.1.2 Gone for good"
        """

    private func submit(_ client: RawConnection, _ mail: String, _ recipient: String) async throws {
        for command in ["MAIL FROM:\(mail)", "RCPT TO:<dead@example.org>\(recipient)"] {
            #expect(try await client.ask(command).hasPrefix("250"))
        }
        _ = try await client.ask("DATA")
        let reply = try await client.ask("Subject: Hello\r\nMessage-ID: <hello@example.org>\r\n\r\nHello.\r\n.")
        #expect(reply.hasPrefix("250"))
    }

    private func connect(_ server: MartletServer) async throws -> RawConnection {
        let client = try RawConnection(port: server.port)
        _ = try await client.reply()
        _ = try await client.ask("EHLO client.example.net")
        return client
    }

    @Test func `the sender of what fails gets a report with what was said about it`() async throws {
        try await MartletServer.with(configuration: Self.configuration) { server in
            let client = try await connect(server)
            try await submit(
                client, "<ann@example.org> RET=FULL ENVID=E+2B1", " NOTIFY=FAILURE ORCPT=rfc822;you@example.com")
            let report = String(decoding: try await server.message(for: "ann"), as: UTF8.self)
            #expect(report.hasPrefix("Return-Path: <>\r\n"))
            for line in [
                "Original-Envelope-Id: E+1", "Original-Recipient: rfc822; you@example.com",
                "Final-Recipient: rfc822; someone@example.net", "Action: failed", "Status: 5.1.2",
                "In-Reply-To: <hello@example.org>", "    Gone for good (5.1.2)", "Content-Type: message/rfc822",
                "Hello.",
            ] {
                #expect(report.contains("\r\n\(line)\r\n"), "\(line)")
            }
            _ = try await eventually("the log's line") { server.log.contains("event=reported") ? true : nil }
        }
    }

    @Test(arguments: [true, false])
    func `success is told by the next hop if it can, else by us`(nextHopTells: Bool) async throws {
        let remote = try ScriptedRemote(RemoteScript(extensions: nextHopTells ? ["DSN"] : []))
        try await remote.start()
        let route = "[route.default]\nto = \"smtp://127.0.0.1:\(remote.port)\""
        try await MartletServer.with(configuration: route) { server in
            let client = try await connect(server)
            for command in ["MAIL FROM:<ann@example.org>", "RCPT TO:<c@example.net> NOTIFY=SUCCESS"] {
                #expect(try await client.ask(command).hasPrefix("250"))
            }
            _ = try await client.ask("DATA")
            #expect(try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.").hasPrefix("250"))
            _ = try await eventually("the delivery, and its end") {
                try await run(MartletServer.program, ["queue", "count", "--config", server.configurationPath])
                    .output == "0\n" ? true : nil
            }
            #expect(remote.log.contains("NOTIFY=SUCCESS") == nextHopTells)
            #expect(server.log.contains("event=reported") == !nextHopTells)
            if !nextHopTells {
                let report = String(decoding: try await server.message(for: "ann"), as: UTF8.self)
                #expect(report.contains("\r\nAction: relayed\r\n"))
            }
        }
        try await remote.stop()
    }

    @Test func `nobody is told of what came from nobody`() async throws {
        try await MartletServer.with(configuration: Self.configuration) { server in
            let client = try await connect(server)
            try await submit(client, "<>", "")
            _ = try await eventually("the failure") { server.log.contains("event=failed") ? true : nil }
            try await submit(client, "<ann@example.org>", "")
            _ = try await server.message(for: "ann")
            #expect(server.log.split(separator: "event=reported").count == 2)
        }
    }

    @Test func `each failure is told once, whenever the server is killed`() async throws {
        let server = try MartletServer(configuration: Self.configuration)
        let (lives, messages) = (4, 12)
        for life in 0..<lives {
            try await server.start()
            let client = try await connect(server)
            for number in 0..<messages { try await submit(client, "<ann@example.org> ENVID=\(life)-\(number)", "") }
            try await server.kill()
        }
        try await server.start()
        _ = try await server.messages(for: "ann", count: lives * messages)
        _ = try await eventually("an empty queue") {
            try await run(MartletServer.program, ["queue", "count", "--config", server.configurationPath])
                .output == "0\n" ? true : nil
        }
        let reports = try server.messages(for: "ann").map { String(decoding: $0, as: UTF8.self) }
        let told = reports.compactMap { $0.firstMatch(of: /Original-Envelope-Id: ([-0-9]+)\r\n/)?.1 }
        let sent = (0..<lives).flatMap { life in (0..<messages).map { "\(life)-\($0)" } }
        #expect(told.map(String.init).sorted() == sent.sorted())
        try await server.stop()
    }
}
