import Foundation
import MailTesting
import Testing

/// SEND, SOML and SAML on the built server, with `martlet watch` in place of a terminal.
struct TerminalCommandTests {
    private func replies(_ server: MartletServer, _ verb: String, _ content: String) async throws -> [String] {
        let client = try RawConnection(port: server.port)
        _ = try await client.reply()
        var replies: [String] = []
        for line in ["EHLO c", "\(verb) FROM:<you@example.net>", "RCPT TO:<ann@example.org>", "DATA"] {
            replies.append(try await client.ask(line))
        }
        if replies.last?.hasPrefix("354") == true { replies.append(try await client.ask(content + "\r\n.")) }
        return replies
    }

    @Test func `who watches is there, and sees what is sent without harm`() async throws {
        try await MartletServer.with { server in
            #expect(try await replies(server, "SEND", "")[2].hasPrefix("450 4.2.1"))
            let output = server.directory.path("watched")
            let watch = try RunningProcess(
                MartletServer.program, ["watch", "ann", "--config", server.configurationPath], output: output,
                errors: server.directory.path("watch-errors"))
            _ = try await eventually("ann's being there") {
                try await replies(server, "SEND", "Tea \u{1B}[2J is ready.").last == "250 2.0.0 Shown" ? true : nil
            }
            let shown = try await eventually("the message") {
                let text = try String(contentsOfFile: output, encoding: .utf8)
                return text.contains("[end]") ? text : nil
            }
            #expect(shown.contains("Message from <you@example.net> at mail.example.org"))
            #expect(shown.contains("Tea \\u{1b}[2J is ready."))
            #expect(try server.messages(for: "ann").isEmpty)

            #expect(try await replies(server, "SAML", "Cake too.").last?.hasPrefix("250 2.0.0 Queued") == true)
            _ = try await eventually("the message in the mailbox") {
                try server.messages(for: "ann").isEmpty ? nil : true
            }
            watch.signal(15)
            _ = try await watch.end()
            _ = try await eventually("ann's being gone") {
                try await replies(server, "SEND", "")[2].hasPrefix("450") ? true : nil
            }
            #expect(try await replies(server, "SOML", "By mail, then.").last?.hasPrefix("250 2.0.0 Queued") == true)
        }
    }

    @Test func `nobody watches for who does not exist`() async throws {
        try await MartletServer.with { server in
            let watch = try await run(
                MartletServer.program, ["watch", "nosuch", "--config", server.configurationPath])
            #expect(watch.status == 67 && watch.errors == "martlet: there is no user nosuch\n")
        }
    }

    @Test func `nobody is shown more than ten messages a minute`() async throws {
        try await MartletServer.with { server in
            let watch = try RunningProcess(
                MartletServer.program, ["watch", "ann", "--config", server.configurationPath],
                output: server.directory.path("watched"), errors: server.directory.path("watch-errors"))
            _ = try await eventually("ann's being there") {
                try await replies(server, "SEND", "1").last == "250 2.0.0 Shown" ? true : nil
            }
            for _ in 2...10 { #expect(try await replies(server, "SEND", "more").last == "250 2.0.0 Shown") }
            #expect(try await replies(server, "SEND", "too much")[2].hasPrefix("450"))
            #expect(try await replies(server, "SOML", "to the mailbox").last?.hasPrefix("250 2.0.0 Queued") == true)
            watch.signal(15)
            _ = try await watch.end()
        }
    }
}
