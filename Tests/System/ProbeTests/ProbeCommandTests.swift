import Foundation
import MailTesting
import Testing

struct ProbeCommandTests {
    @Test func `a probe tells banner, extensions, STARTTLS, AUTH and the refusal to relay, and sends nothing`()
        async throws
    {
        let script = RemoteScript(
            recipientAnswers: ["relay-check@example.com": "550 5.7.1 No relaying"],
            extensions: ["SIZE 1000000", "STARTTLS", "AUTH PLAIN LOGIN"])
        try await ScriptedRemote.with(script) { remote in
            let result = try await probe(remote, "--tls", "off")
            #expect(result.status == 0 && result.errors.isEmpty)
            for text in [
                "banner     220 remote.example.net ESMTP", "ehlo       250 remote.example.net",
                "SIZE 1000000      the biggest message it takes: 1 MB", "tls        STARTTLS is offered",
                "auth       PLAIN LOGIN", "refuses mail for <relay-check@example.com>: 550 5.7.1 No relaying",
                "quit       221 2.0.0 Bye",
            ] {
                #expect(result.output.contains(text), "\(text) in \(result.output)")
            }
            #expect(result.output.hasSuffix("\nnothing wrong\n"))
            #expect(remote.messages.isEmpty)
            let commands = try await remote.commands(5)
            #expect(commands.dropFirst() == ["MAIL FROM:<>", "RCPT TO:<relay-check@example.com>", "RSET", "QUIT"])
        }
    }

    @Test func `an open relay is warned of`() async throws {
        try await ScriptedRemote.with { remote in
            let result = try await probe(remote, "--json", "--relay-to", "someone@example.net")
            let relay = try #require(ProbeLine.lines(of: result).first { $0.step == "relay" })
            #expect(relay.verdict == "warning" && relay.replyCode == 250)
            #expect(relay.lines?.first?.contains("<someone@example.net>: an open relay") ?? false)
            #expect(result.status == 0 && remote.messages.isEmpty)
        }
    }

    @Test func `programs read one object a step with its time, and the result last`() async throws {
        try await ScriptedRemote.with { remote in
            let lines = try ProbeLine.lines(of: try await probe(remote, "--json", "--no-relay-check"))
            #expect(lines.map { $0.step ?? $0.type } == ["connect", "banner", "ehlo", "tls", "auth", "quit", "result"])
            #expect(lines[2].extensions?["SIZE"] == ["52428800"])
            #expect(lines.prefix(3).allSatisfy { ($0.milliseconds ?? -1) >= 0 })
            #expect(lines.last?.exitCode == 0)
        }
    }

    @Test func `a test message is sent where a recipient is named`() async throws {
        try await ScriptedRemote.with { remote in
            let result = try await probe(
                remote, "--to", "ann@example.org", "--from", "me@example.net", "--subject", "Probe", "--text",
                ".dots\r\n.stay", "-H", "X-Probe: 1")
            #expect(result.status == 0)
            let message = try #require(remote.messages.first)
            #expect(message.mail == "MAIL FROM:<me@example.net>" && message.isTaken)
            let text = String(decoding: message.content, as: UTF8.self)
            #expect(text.contains("Subject: Probe\r\n") && text.contains("X-Probe: 1\r\n"))
            #expect(text.hasSuffix("\r\n\r\n.dots\r\n.stay\r\n"))
        }
    }

    @Test func `a message from standard input is sent as it is`() async throws {
        try await ScriptedRemote.with { remote in
            let result = try await run(
                MartletServer.program, ["probe", "localhost:\(remote.port)", "--to", "ann@example.org", "--data", "-"],
                input: Data("Subject: Own\n\nText\n".utf8))
            #expect(result.status == 0)
            #expect(
                remote.messages.first.map { String(decoding: $0.content, as: UTF8.self) }
                    == "Subject: Own\r\n\r\nText\r\n")
        }
    }

    @Test func `a message is sent octet for octet only where that is asked for`() async throws {
        let message = "Subject: Own\r\n\r\n.\r\nbare\n.\nCR\r.\rend"
        for (option, expected) in [
            ([], "Subject: Own\r\n\r\n.\r\nbare\r\n.\r\nCR\r\n.\r\nend\r\n"),
            // The remote takes the dot behind the bare LF for a doubled one.
            (["--octets"], "Subject: Own\r\n\r\n.\r\nbare\n\nCR\r.\rend\r\n"),
        ] {
            try await ScriptedRemote.with { remote in
                let result = try await run(
                    MartletServer.program,
                    ["probe", "localhost:\(remote.port)", "--to", "ann@example.org", "--data", "-"] + option,
                    input: Data(message.utf8))
                #expect(result.status == 0)
                #expect(remote.messages.first.map { String(decoding: $0.content, as: UTF8.self) } == expected)
            }
        }
    }

    @Test func `the dialogue is shown with arrows`() async throws {
        try await ScriptedRemote.with { remote in
            let result = try await probe(remote, "--dialogue", "--ehlo", "me.example.net", "--quit-after", "ehlo")
            #expect(result.output.contains("-> EHLO me.example.net\n"))
            #expect(result.output.contains("<- 250-PIPELINING\n"))
            #expect(result.output.hasSuffix("left after ehlo, as asked for\n"))
        }
    }

    @Test(arguments: [
        ("--quit-after", "banner", ["QUIT"]), ("--quit-after", "mail", ["EHLO me", "MAIL FROM:<>", "QUIT"]),
        ("--drop-after", "ehlo", ["EHLO me"]),
        ("--drop-after-send", "rcpt", ["EHLO me", "MAIL FROM:<>", "RCPT TO:<a@b.example>"]),
        ("--drop-after", "data", ["EHLO me", "MAIL FROM:<>", "RCPT TO:<a@b.example>", "DATA"]),
    ])
    func `a probe ends where it is told to`(option: String, stage: String, expected: [String]) async throws {
        try await ScriptedRemote.with { remote in
            let result = try await probe(remote, "--ehlo", "me", "--to", "a@b.example", option, stage)
            #expect(result.status == 0, "\(result.output)")
            #expect(try await remote.commands(expected.count) == expected)
            #expect(remote.messages.isEmpty)
        }
    }

    @Test(arguments: [
        (RemoteScript.Step.greeting, RemoteScript.Behaviour.answer("554 5.7.1 Go away"), Int32(69), "banner"),
        (.greeting, .answer("421 4.3.2 Later"), 75, "banner"), (.greeting, .hangUp, 75, "banner"),
        (.greeting, .hangUpAfter("SSH-2.0-OpenSSH_9.2\r\n"), 76, "banner"),
        (.hello, .answer("421 4.3.2 Later"), 75, "ehlo"),
        (.mail, .answer("550 5.7.1 Not you"), 69, "mail"), (.recipient, .answer("450 4.2.0 Greylisted"), 75, "rcpt"),
        (.data, .answer("554 5.5.0 No"), 69, "data"), (.endOfData, .answer("552 5.3.4 Too big"), 69, "dot"),
        (.endOfData, .hangUp, 75, "dot"), (.hello, .flood(octets: 1 << 20), 76, "ehlo"),
    ])
    func `what fails is told with its stage and an exit code`(
        step: RemoteScript.Step, behaviour: RemoteScript.Behaviour, status: Int32, stage: String
    ) async throws {
        try await ScriptedRemote.with(RemoteScript([step: behaviour])) { remote in
            let result = try await probe(remote, "--json", "--to", "ann@example.org")
            #expect(result.status == status)
            let last = try #require(ProbeLine.lines(of: result).last)
            #expect(last.stage == stage && last.verdict == "failed" && last.exitCode == Int(status))
        }
    }

    @Test func `a server that says nothing is not waited for longer than allowed`() async throws {
        try await ScriptedRemote.with(RemoteScript([.greeting: .silence])) { remote in
            let result = try await probe(remote, "--timeout", "1")
            #expect(result.status == 75)
            #expect(result.output.contains("did not answer in time"))
        }
    }

    @Test func `nothing a server says commands the terminal`() async throws {
        let script = RemoteScript([.greeting: .answer("220 \u{1B}]0;owned\u{7}\u{1B}[2J \u{9B}31m ESMTP")])
        try await ScriptedRemote.with(script) { remote in
            for arguments in [[], ["--dialogue"], ["--json"]] {
                let result = try await run(MartletServer.program, ["probe", "localhost:\(remote.port)"] + arguments)
                #expect(!result.output.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" }, "\(arguments)")
                #expect(arguments == ["--json"] || !result.output.unicodeScalars.contains("\u{9B}"), "\(arguments)")
            }
        }
    }
}
