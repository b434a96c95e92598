import Foundation
import MailTesting
import Testing

/// What `martlet send` tells of the result, to people and to programs.
@Suite struct SendResultTests {
    @Test func `each recipient has a result of its own`() async throws {
        try await MartletServer.with { server in
            let arguments = ["ann@example.org", "nobody@example.org", "bob@example.org", "--text", "Hi"]
            let result = try await send(arguments, to: server)
            #expect(result.status == 69)
            #expect(result.output.hasPrefix("<ann@example.org>: accepted\n<bob@example.org>: accepted\nSent: 250 "))
            #expect(result.errors == "martlet: <nobody@example.org>: 5.1.1 550 5.1.1 No such user here\n")

            let lines = try SendLine.lines(of: try await send(arguments + ["--json"], to: server))
            #expect(lines.map(\.type) == ["recipient", "recipient", "recipient", "result"])
            #expect(lines.map(\.action) == ["accepted", "refused", "accepted", nil])
            #expect(lines[1].status == "5.1.1")
            #expect(lines[3].sent == false)
        }
    }

    @Test func `the dialogue shows who said what, and when`() async throws {
        try await MartletServer.with { server in
            let arguments = ["ann@example.org", "--text", "Hi", "--dialogue"]
            let result = try await send(arguments, to: server)
            let lines = result.output.split(separator: "\n")
            #expect(lines.allSatisfy { $0.contains(#/^ *\d+ ms [<>] /#) })
            #expect(lines.first?.hasSuffix("< 220 mail.example.org ESMTP Martlet") == true)
            #expect(lines.contains { $0.hasSuffix(" > RCPT TO:<ann@example.org>") })
            #expect(lines.last?.contains(" < 221 ") == true)

            let events = try SendLine.lines(of: try await send(arguments + ["--json"], to: server))
            #expect(events.first?.type == "dialogue")
            #expect(events.filter { $0.direction == ">" }.last?.text == "QUIT")
            #expect(events.compactMap(\.milliseconds).allSatisfy { $0 >= 0 })
            #expect(events.last?.sent == true)
        }
    }

    @Test func `without a server it is to be tried again`() async throws {
        let port = try await MartletServer.with { $0.port }
        let arguments = ["ann@example.org", "--text", "Hi", "--via", "smtp://127.0.0.1:\(port)"]
        let result = try await send(arguments)
        #expect(result.status == 75)
        #expect(result.errors.hasPrefix("martlet: 127.0.0.1:\(port): Connection refused (Is the server running"))
        let json = try await send(arguments + ["--json"])
        let lines = try SendLine.lines(of: json)
        #expect(json.status == 75)
        #expect(lines.map(\.type) == ["error"] && lines[0].stage == "connect" && lines[0].transient == true)
    }

    @Test(arguments: [
        (["--to", "ann"], 64, "--to: 'ann' is no mailbox"), ([], 64, "there is no recipient; name one with --to"),
        (["ann@example.org", "--inline", "a.png"], 64, "--inline shows a file within the HTML"),
        (["ann@example.org", "--eml", "a", "--subject", "b"], 64, "--eml sends a message as it is"),
        (["ann@example.org", "--via", "http://x"], 64, "--via: 'http' is no scheme of mail"),
        (["ann@example.org", "--attach", "/nowhere"], 66, "/nowhere cannot be read: No such file or directory"),
        (["ann@example.org", "--attach", "/"], 66, "/ cannot be read: Is a directory"),
        (["ann@example.org", "-H", "Subject: x"], 65, "the header field 'Subject' cannot be added"),
        (["ann@example.org", "-H", "Content-Type: x"], 65, "the header field 'Content-Type' cannot be added"),
        (["ann@example.org", "-H", "none"], 65, "there is no colon; write it as Name: value"),
        (["ann@example.org", "--in-reply-to", "none"], 65, "'none' is no message ID"),
        (["ann@example.org", "--eml", "-"], 65, "standard input: it is no message"),
        (["ann@example.org", "--via", "smtp://a@127.0.0.1:9", "--text", "a"], 64, "there is no password: name a file"),
        (
            ["ann@example.org", "--via", "smtp://a@127.0.0.1:9", "--text", "a", "--password-file", "/nowhere"], 66,
            "--password-file: /nowhere: No such file"
        ),
        (["ann@example.org", "--dry-run", "--json"], 64, "--dry-run has no dialogue and no result to show"),
    ])
    func `what is wrong is said, with a code of its own`(arguments: [String], status: Int32, text: String) async throws
    {
        let result = try await send(arguments)
        #expect(result.status == status)
        #expect(result.errors.contains(text), "\(result.errors)")
    }

    @Test(arguments: [
        "--to", "--cc", "--bcc", "--reply-to", "--from", "--subject", "-H", "--in-reply-to", "--envelope-from",
        "--inline", "--attach",
    ])
    func `no option can smuggle a line into the message`(option: String) async throws {
        let files = try TemporaryDirectory()
        let hostile = "a\r\nX-Smuggled: yes"
        let file = try files.write(Data(), to: hostile)
        let values = [
            "--subject": hostile, "-H": "X: \(hostile)", "--in-reply-to": "\(hostile)@b", "--attach": file,
            "--inline": "\(hostile)=\(file)",
        ]
        for value in [values[option] ?? "\(hostile) <a@example.org>", values[option] ?? "<\(hostile)@example.org>"] {
            let result = try await send(
                ["ann@example.org", "--text", "Hi", "--html", "a", "--dry-run", option, value])
            #expect(result.status == 64 || result.status == 65, "\(result.output)")
            #expect(result.output.isEmpty)
        }
    }
}
