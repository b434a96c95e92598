import Foundation
import MailTesting
import Testing

struct TelnetCommandTests {
    private func telnet(_ lines: [String], _ arguments: [String] = []) async throws -> ProcessResult {
        try await run(
            MartletServer.program, ["telnet"] + arguments,
            input: Data(lines.map { $0 + "\n" }.joined().utf8))
    }

    @Test func `a learner is led through a whole message on a server for practice`() async throws {
        let result = try await telnet(["!", "!", "!", "!", "!", "!"])
        #expect(result.status == 0)
        for text in [
            "A server for practice listens on 127.0.0.1:", "<- 220 learn.localhost ESMTP", "> EHLO me.example.net",
            "250-PIPELINING   several commands may be sent without waiting", "Next: MAIL FROM:<you@example.net>",
            "> MAIL FROM:<you@example.net>", "> RCPT TO:<ann@example.org>", "> DATA", "<- 354 ",
            "The server has now:\n   |     From: <you@example.net>", "> QUIT", "<- 221 ",
        ] {
            #expect(result.output.lowercased().contains(text.lowercased()), "\(text) in \(result.output)")
        }
    }

    @Test func `a wrong order and a missing dot are explained as they happen`() async throws {
        let result = try await telnet([
            "EHLO me", "RCPT TO:<ann@example.org>", "MAIL FROM:<>", "RCPT TO:<nobody@example.org>",
            "RCPT TO:<ann@example.org>", "DATA", "Subject: Hello", "QUIT",
        ])
        let parts = [
            "<- 503 ", "Recipients come after MAIL FROM", "<- 550 5.1.1 There is nobody called nobody",
            "That was no command", "The message is not finished",
        ]
        var rest = result.output[...]
        for part in parts {
            let found = try #require(rest.firstRange(of: part), "\(part) in \(result.output)")
            rest = rest[found.upperBound...]
        }
        #expect(!result.output.contains("The server has now"))
    }

    @Test func `another server is spoken with in the same way`() async throws {
        try await ScriptedRemote.with { remote in
            let result = try await telnet(["EHLO me", "QUIT"], ["127.0.0.1:\(remote.port)"])
            #expect(result.status == 0)
            #expect(result.output.contains("Connected to 127.0.0.1:\(remote.port)."))
            #expect(try await remote.commands(2) == ["EHLO me", "QUIT"])
        }
    }

    @Test func `a server that leaves or talks nonsense ends the lesson`() async throws {
        for behaviour in [RemoteScript.Behaviour.hangUp, .hangUpAfter("\u{1B}[2J nonsense\r\n")] {
            try await ScriptedRemote.with(RemoteScript([.mail: behaviour])) { remote in
                let result = try await telnet(["EHLO me", "MAIL FROM:<>"], ["127.0.0.1:\(remote.port)"])
                #expect(result.status == 0)
                #expect(result.output.contains("The server closed the connection."))
                if case .hangUpAfter = behaviour { #expect(result.output.contains("That is no SMTP: ")) }
                #expect(!result.output.unicodeScalars.contains("\u{1B}"))
            }
        }
    }

    @Test func `a server that is not there is said to be not there`() async throws {
        let result = try await telnet([], ["127.0.0.1:1"])
        #expect(result.status == 75)
        #expect(result.errors.contains("Connection refused"))
        #expect(try await telnet([], ["not a host"]).status == 64)
    }
}
