import Foundation
import MailTesting
import Testing

/// What `sendmail` promises to whoever runs it.
struct SendmailTests {
    @Test func `a message is delivered, complete, with the user in its trace`() async throws {
        try await MartletServer.with { server in
            let sendmail = SendmailProgram(for: server)
            let result = try await sendmail.run(
                "-t", "-i", "-fbounce@example.net", "-FAnn Author",
                input: "To: ann@example.org\nBcc: bob@example.org\nSubject: Grüße\n\n.\nend")
            #expect(result.status == 0 && result.errors == "" && result.output == "")
            let message = try await server.message(for: "ann")
            #expect(message.header.contains("Return-Path: <bounce@example.net>\n"))
            #expect(message.header.contains("Received: by mail.example.org (Martlet, from uid \(geteuid()))\n"))
            #expect(message.header.contains("From: Ann Author <bounce@example.net>\n"))
            #expect(message.header.contains(/\nDate: \w{3}, \d+ \w{3} \d{4} [\d:]{8} \+0000\n/))
            #expect(message.header.contains(/\nMessage-ID: <\S+@mail.example.org>\n/))
            #expect(!message.header.contains("Bcc"))
            #expect(message.body == ".\nend\n")
            #expect(try await server.message(for: "bob").body == message.body)
        }
    }

    @Test func `names alone are users of the local domain`() async throws {
        try await MartletServer.with { server in
            #expect(try await SendmailProgram(for: server).run("-f", "bob", "ann").status == 0)
            let header = try await server.message(for: "ann").header
            #expect(header.contains("Return-Path: <bob@example.org>\n"))
            #expect(header.contains("To: undisclosed-recipients:;\n"))
        }
    }

    @Test func `while the server is down, mail waits on disk and comes in at its start`() async throws {
        let server = try MartletServer()
        try await server.start()
        let sendmail = SendmailProgram(for: server)
        try await server.kill()
        for number in 0..<3 {
            #expect(try await sendmail.run("ann", input: "Subject: \(number)\n\n").status == 0)
        }
        #expect(try sendmail.waiting.count == 3)
        try await server.start()
        _ = try await server.messages(for: "ann", count: 3)
        _ = try await eventually("an empty maildrop") { try sendmail.waiting.isEmpty ? true : nil }
        try await server.stop()
        #expect(try server.messages(for: "ann").count == 3)
    }

    @Test func `a server that dies while it takes messages in loses none, and takes none in twice`() async throws {
        let server = try MartletServer()
        try await server.start()
        let sendmail = SendmailProgram(for: server)
        try await server.kill()
        for number in 0..<40 { #expect(try await sendmail.run("ann", input: "Subject: \(number)\n\n").status == 0) }
        for count in [0, 1, 10, 40] {
            try await server.start()
            if count > 0 { _ = try await server.messages(for: "ann", count: count) }
            try await server.kill()
        }
        try await server.start()
        let messages = try await server.messages(for: "ann", count: 40)
        _ = try await eventually("an empty maildrop") { try sendmail.waiting.isEmpty ? true : nil }
        try await server.stop()
        // A delivery that a crash interrupts is repeated, with the same queue ID; an intake never is.
        var queueIDs: [Substring: Set<Substring>] = [:]
        for message in messages {
            let subject = try #require(message.header.firstMatch(of: /Subject: (\d+)/)?.1)
            queueIDs[subject, default: []].insert(try #require(message.header.firstMatch(of: /\n\tid (\w+)/)?.1))
        }
        #expect(queueIDs.count == 40)
        #expect(queueIDs.values.allSatisfy { $0.count == 1 })
    }

    @Test func `the reasons for which nothing is sent, each with its exit status and one line`() async throws {
        try await MartletServer.with(configuration: "[limits]\nmessage_size = \"64 KiB\"\n") { server in
            let sendmail = SendmailProgram(for: server)
            let large = "Subject: x\n\n" + String(repeating: "line\n", count: 20_000)
            let cases: [(arguments: [String], input: String, status: Int32, text: String)] = [
                ([], "x", 64, "no recipient"), (["-N", "often", "ann"], "x", 64, "-N often"),
                (["-t"], "Subject: x\n\n", 65, "no recipient"), (["ann@"], "x", 65, "ann@ is no address"),
                (["ann"], String(repeating: "Received: x\n", count: 101), 65, "a loop"),
                (["ann"], large, 65, "larger than 65536 octets"), (["-bt"], "", 64, "address test mode"),
                (["-C", "/nowhere/martlet.toml", "ann"], "x", 78, "/nowhere/martlet.toml: No such file"),
            ]
            for (arguments, input, status, text) in cases {
                let isNamed = arguments.first == "-C"
                let result = try await run(
                    SendmailProgram.path, arguments, input: Data(input.utf8),
                    environment: isNamed ? [:] : sendmail.environment)
                #expect(result.status == status, "\(arguments): \(result.errors)")
                #expect(result.errors.hasPrefix("sendmail: ") && result.errors.contains(text), "\(result.errors)")
                #expect(result.errors.count { $0 == "\n" } == 1)
            }
            #expect(try sendmail.waiting.isEmpty)
        }
    }

    @Test func `closed streams of a caller do not end up in the message`() async throws {
        try await MartletServer.with { server in
            let path = try SendmailProgram.path
            let result = try await run(
                "/bin/sh", ["-c", #"printf 'x\n' | "$0" -Zunknown ann 2>&- >&-"#, path],
                environment: SendmailProgram(for: server).environment)
            #expect(result.status == 0)
            #expect(try await server.message(for: "ann").body == "x\n")
        }
    }

    @Test func `where no server has ever run, the caller is to come back`() async throws {
        let directory = try TemporaryDirectory()
        let result = try await run(
            SendmailProgram.path, ["ann"], environment: ["MARTLET_MAILDROP": directory.path("none")])
        #expect(result.status == 75)
        #expect(result.errors.contains("martlet serve"))
    }

    @Test func `-bs is a session of SMTP, also while the server is down`() async throws {
        let server = try MartletServer()
        try await server.start()
        let sendmail = SendmailProgram(for: server)
        try await server.kill()
        let dialogue = """
            EHLO here
            MAIL FROM:<me@example.net>
            RCPT TO:<ann@example.org>
            DATA
            Subject: dialogue

            ..
            .
            QUIT

            """.replacing("\n", with: "\r\n")
        let result = try await sendmail.run("-bs", "-i", input: dialogue)
        #expect(result.status == 0)
        #expect(result.output.split(separator: "\r\n").last?.hasPrefix("221 ") == true)
        #expect(result.output.contains("\r\n250 2.0.0 "))
        try await server.start()
        #expect(try await server.message(for: "ann").body == ".\n")
        try await server.stop()
    }

    @Test func `whoever names a user that is not there hears of it`() async throws {
        try await MartletServer.with { server in
            #expect(try await SendmailProgram(for: server).run("-f", "bob", "nobody").status == 0)
            let report = try await server.message(for: "bob")
            #expect(report.header.contains("Return-Path: <>\n"))
            #expect(report.body.contains("nobody@example.org"))
        }
    }

    @Test func `mailq ends with the line that monitoring reads`() async throws {
        try await MartletServer.with(configuration: "[route.default]\nto = \"hold\"\n") { server in
            let configuration = ["-C", server.configurationPath]
            let empty = try await run(SendmailProgram.path, ["-bp"] + configuration)
            #expect(empty.status == 0 && empty.output == "Mail queue is empty\n")
            #expect(try await SendmailProgram(for: server).run("-f", "bob", "who@elsewhere.example").status == 0)
            _ = try await eventually("a held message") { server.log.contains("event=held") ? true : nil }
            let listing = try await run(SendmailProgram.path, ["-bp"] + configuration).output.split(separator: "\n")
            #expect(listing.first == "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------")
            #expect(listing.contains { $0.contains(/^\w+! +\d+ \w{3} \w{3} \d\d \d\d:\d\d:\d\d  bob@example.org$/) })
            #expect(listing.contains { $0.trimmingCharacters(in: .whitespaces) == "who@elsewhere.example" })
            #expect(listing.last == "-- 1 Kbytes in 1 Requests.")
        }
    }

    @Test func `-q tries now what waits, or a part of it`() async throws {
        try await MartletServer.with(configuration: "[route.default]\nto = \"smtp://127.0.0.1:1\"") { server in
            let sendmail = SendmailProgram(for: server)
            for name in ["x", "y"] { _ = try await sendmail.run("-f", "ann", "\(name)@elsewhere.example") }
            _ = try await eventually("two deferrals") { Self.attempts(server.log, "").count == 2 ? true : nil }
            let configuration = ["-C", server.configurationPath]
            let part = try await run(SendmailProgram.path, configuration + ["-v", "-qRx@elsewhere"])
            #expect(part.status == 0 && part.output.contains("<x@elsewhere.example>"), "\(part)")
            _ = try await eventually("another attempt") { Self.attempts(server.log, "x").count == 2 ? true : nil }
            let all = try await run(SendmailProgram.path, configuration + ["-q"])
            #expect(all.status == 0 && all.output.isEmpty && all.errors.isEmpty, "\(all)")
            _ = try await eventually("an attempt for each") { Self.attempts(server.log, "").count == 5 ? true : nil }
            #expect(Self.attempts(server.log, "x").count == 3)
            let none = try await run(SendmailProgram.path, configuration + ["-qINOSUCHID"])
            #expect(none.status != 0 && none.errors.contains("NOSUCHID"), "\(none)")
        }
    }

    /// The lines of the log that tell of attempts for recipients whose address begins so.
    private static func attempts(_ log: String, _ name: String) -> [Substring] {
        log.split(separator: "\n").filter { $0.contains("event=deferred") && $0.contains("to=<\(name)") }
    }

    @Test(arguments: ["newaliases", "sendmail -bi", "sendmail -q30m", "sendmail -bh"])
    func `what has nothing to do succeeds in silence`(_ line: String) async throws {
        let words = line.split(separator: " ").map(String.init)
        let links = try TemporaryDirectory()
        try FileManager.default.createSymbolicLink(
            atPath: links.path(words[0]), withDestinationPath: SendmailProgram.path)
        let result = try await run(links.path(words[0]), Array(words.dropFirst()))
        #expect(result.status == 0 && result.output == "" && result.errors == "")
    }

    @Test(.requires("setpriv"), .enabled("only root can become somebody else") { geteuid() == 0 })
    func `a user without rights can send, is named, and reads nothing of others`() async throws {
        try await MartletServer.with { server in
            let sendmail = SendmailProgram(for: server)
            let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"]
            let above = server.directory.path
            #expect(chmod(above, 0o711) == 0)
            let result = try await run(
                Tool.require("setpriv"), nobody + [SendmailProgram.path, "-f", "root", "ann"],
                input: Data("x\n".utf8), environment: sendmail.environment)
            try #require(result.status == 0, "\(result.errors)")
            #expect(try await server.message(for: "ann").header.contains("(Martlet, from uid 65534)"))
            let look = try await run(Tool.require("setpriv"), nobody + ["ls", sendmail.maildrop + "/new"])
            #expect(look.status != 0)
        }
    }
}
