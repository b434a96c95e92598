import Foundation
import MailTesting
import Testing

/// What `martlet send` makes of its options and its input arrives.
@Suite(.requires("python3")) struct SendMessageTests {
    let files: TemporaryDirectory

    init() throws { files = try TemporaryDirectory() }

    @Test func `text from standard input, pictures and files arrive`() async throws {
        let picture = try files.write(Data((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }), to: "logo.png")
        let report = try files.write(Data("a,b\n1,2\n".utf8), to: "Übersicht.csv")
        try await MartletServer.with { server in
            let result = try await send(
                ["ann@example.org", "--subject", "Grüße aus 東京", "--attach", report], to: server,
                input: Data("Hello,\nAnn\n".utf8))
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasPrefix("Sent: 250 "))
            let mail = try await PythonMail.read(try await server.message(for: "ann"))
            #expect(mail.subject == "Grüße aus 東京")
            #expect(mail.text.replacing("\r\n", with: "\n") == "Hello,\nAnn\n")
            #expect(mail.attachments == [try Data(contentsOf: URL(fileURLWithPath: report))])

            let page = try await send(
                ["--to", "Bob <bob@example.org>", "--text", "Logo", "--html", "<img src='cid:logo'>"]
                    + ["--inline", "logo=\(picture)"], to: server)
            #expect(page.status == 0, "\(page.errors)")
            let message = String(decoding: try await server.message(for: "bob"), as: UTF8.self)
            #expect(message.contains("\r\nTo: Bob <bob@example.org>\r\n"))
            #expect(message.contains("\r\nContent-ID: <logo>\r\n"))
        }
    }

    @Test func `who gets a blind copy is named to nobody`() async throws {
        try await MartletServer.with { server in
            let arguments = [
                "--to", "ann@example.org", "--bcc", "bob@example.org", "--text", "Hi", "-H", "X-Note: yes",
            ]
            #expect(try await send(arguments, to: server).status == 0)
            for user in ["ann", "bob"] {
                let message = String(decoding: try await server.message(for: user), as: UTF8.self)
                #expect(message.contains("\r\nX-Note: yes\r\n"))
                // What the server itself adds at delivery names the mailbox.
                let header = message[(message.firstRange(of: "\r\nDate: ")?.lowerBound ?? message.endIndex)...]
                #expect(header.contains("Hi") && !header.contains("bob"))
            }
        }
    }

    @Test func `without a server's name the message goes to the local one`() async throws {
        try await MartletServer.with { server in
            let text = try String(contentsOfFile: server.configurationPath, encoding: .utf8)
            let path = try files.write(
                Data(text.replacing("127.0.0.1:0", with: "0.0.0.0:\(server.port)").utf8), to: "client.toml")
            let result = try await send(["--config", path, "--to", "ann@example.org", "--text", "Hi"])
            #expect(result.status == 0, "\(result.errors)")
            _ = try await server.message(for: "ann")
        }
    }

    @Test func `a message from a file is sent as it is, with CRLF and without Bcc`() async throws {
        let text =
            "From: a@example.net\nBcc: eve@example.net,\n x@y\nSubject: Hi\nbcc : z@y\nX: ü\n\nBcc: stays\n.\nend"
        let path = try files.write(Data(text.utf8), to: "message.eml")
        let expected = "From: a@example.net\r\nSubject: Hi\r\nX: ü\r\n\r\nBcc: stays\r\n.\r\nend\r\n"
        try await MartletServer.with { server in
            for arguments in [["--eml", path], ["--eml", "-"]] {
                let result = try await send(
                    ["--to", "ann@example.org"] + arguments, to: server, input: Data(text.utf8))
                #expect(result.status == 0, "\(result.errors)")
            }
            for message in try await server.messages(for: "ann", count: 2) {
                expectIntact(message, Data(expected.utf8))
            }
        }
    }

    private func dryRun(_ message: String, _ arguments: String...) async throws -> ProcessResult {
        try await run(
            MartletServer.program, ["send", "--eml", "-", "--dry-run"] + arguments, input: Data(message.utf8))
    }

    @Test func `a message from a file goes to whom its header names, unless somebody is named`() async throws {
        let message =
            "From: Ann <ann@example.net>, z@example.net\nTo: Bob <bob@example.org>,\n cid@example.org\n"
            + "cc: group: dan@example.org;\nBcc: eve@example.org, bob@example.org\nSubject: Hi\n\nTo: nobody\n"
        let result = try await dryRun(message)
        #expect(result.status == 0)
        let names = ["bob", "cid", "dan", "eve"].map { "To   <\($0)@example.org>\n" }.joined()
        #expect(result.errors == "From <ann@example.net>\n" + names)
        #expect(!result.output.contains("eve"))
        let named = try await dryRun(message, "--to", "zoe@example.org", "--envelope-from", "")
        #expect(named.errors == "From <>\nTo   <zoe@example.org>\n")
        let resent = try await dryRun(
            "Resent-From: dan@example.net\nResent-To: fay@example.org\nResent-Bcc: gus@example.org\n" + message)
        #expect(resent.errors == "From <dan@example.net>\nTo   <fay@example.org>\nTo   <gus@example.org>\n")
        #expect(!resent.output.contains("gus"))
    }

    @Test(arguments: [
        (
            "From: a@b.example\n\nTo: c@d.example\n",
            "there is no recipient in To, Cc or Bcc of its header; name one with --to"
        ),
        ("To: a@b.example\n\nx\n", "there is no sender in Sender or From of its header; name one with --envelope-from"),
        ("From: a@b.example\nTo: Ann\n\nx\n", "'Ann' in its header is no address: there is no @ behind the local part"),
    ])
    func `a header that names nobody is refused`(message: String, complaint: String) async throws {
        let result = try await dryRun(message)
        #expect(result.status == 65 && result.output.isEmpty)
        #expect(result.errors == "martlet: standard input: \(complaint)\n")
    }

    @Test func `a dry run prints the message and sends nothing`() async throws {
        let result = try await send(
            ["ann@example.org", "--bcc", "bob@example.org", "--text", "Hi", "--dry-run", "--via", "smtp://127.0.0.1:1"])
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("Date: ") && result.output.hasSuffix("\r\n\r\nHi\r\n"))
        #expect(result.errors == "From <you@example.net>\nTo   <ann@example.org>\nTo   <bob@example.org>\n")
    }

    @Test(arguments: ["8bit", "quoted-printable"]) func `eight bits travel where they are asked for`(
        encoding: String
    ) async throws {
        let flag = encoding == "8bit" ? ["--8bit"] : []
        let result = try await send(["ann@example.org", "--text", "Viele Grüße aus Berlin", "--dry-run"] + flag)
        #expect(result.output.contains("\r\nContent-Transfer-Encoding: \(encoding)\r\n"))
    }

    @Test(arguments: [(["8BITMIME"], "8bit"), (["PIPELINING"], "quoted-printable")])
    func `a server that takes no eight bits gets the same text encoded`(
        extensions: [String], encoding: String
    ) async throws {
        let remote = try ScriptedRemote(RemoteScript(extensions: extensions))
        try await remote.start()
        let result = try await send([
            "ann@example.org", "--text", "Viele Grüße aus Berlin", "--8bit", "--via", "smtp://127.0.0.1:\(remote.port)",
        ])
        #expect(result.status == 0)
        let message = try #require(remote.messages.first)
        let content = String(decoding: message.content, as: UTF8.self)
        #expect(content.contains("\r\nContent-Transfer-Encoding: \(encoding)\r\n"))
        #expect(message.content.contains { $0 >= 0x80 } == (encoding == "8bit"))
        #expect(message.mail.contains("BODY=8BITMIME") == (encoding == "8bit"))
        try await remote.stop()
    }

    /// What a server without 8BITMIME gets of a file with this message.
    private func sent(_ message: String) async throws -> (ProcessResult, [String]) {
        let file = try files.write(Data(message.utf8), to: "message.eml")
        let remote = try ScriptedRemote(RemoteScript(extensions: ["PIPELINING", "SIZE"]))
        try await remote.start()
        let result = try await send([
            "--eml", file, "--to", "ann@example.org", "--envelope-from", "you@example.net", "--via",
            "smtp://127.0.0.1:\(remote.port)",
        ])
        try await remote.stop()
        return (result, remote.messages.map { String(decoding: $0.content, as: UTF8.self) })
    }

    @Test func `the message of a file is encoded for a server that takes no eight bits`() async throws {
        let (result, contents) = try await sent(
            """
            Subject: x
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Viele Grüße heute ohne Regen
            """)
        #expect(result.status == 0, "\(result.errors)")
        #expect(contents.count == 1)
        #expect(contents.first?.contains("Content-Transfer-Encoding: quoted-printable\r\n") == true, "\(contents)")
        #expect(contents.first?.hasSuffix("\r\n\r\nViele Gr=C3=BC=C3=9Fe heute ohne Regen\r\n") == true, "\(contents)")
    }

    @Test func `what is signed stays as it is, and is not sent to such a server`() async throws {
        let (result, contents) = try await sent(
            """
            Subject: x
            MIME-Version: 1.0
            Content-Type: multipart/signed; boundary=b; protocol="application/pgp-signature"; micalg=pgp-sha256

            --b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Viele Grüße
            --b
            Content-Type: application/pgp-signature

            x
            --b--
            """)
        #expect(result.status != 0 && contents.isEmpty)
        #expect(result.output.contains("offers no 8BITMIME") || result.errors.contains("offers no 8BITMIME"))
    }

    @Test func `on a terminal the message comes from the editor`() async throws {
        let editor = try files.write(
            Data("#!/bin/sh\nprintf 'Subject: From the editor\\n\\nWritten.\\n' > \"$1\"\n".utf8), to: "editor")
        let output = try await onTerminal(editor: "sh \(editor)")
        #expect(output.contains("Subject: From the editor\r"))
        #expect(output.contains("Written."))
        #expect(try await onTerminal(editor: "true").contains("nothing was written, and nothing is sent"))
        #expect(try await onTerminal(editor: "false").contains("the editor 'false' failed; nothing is sent"))
    }

    private func onTerminal(editor: String) async throws -> String {
        let program = try MartletServer.program
        let script = "import pty, sys; pty.spawn(sys.argv[1:])"
        let arguments = ["send", "--from", "you@example.net", "ann@example.org", "--dry-run"]
        return try await run(
            Tool.require("python3"), ["-c", script, program] + arguments, environment: ["VISUAL": "", "EDITOR": editor]
        ).output
    }
}
