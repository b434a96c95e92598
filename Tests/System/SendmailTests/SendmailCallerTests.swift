import Foundation
import MailTesting
import Testing

/// The programs that call `sendmail`, as they are.
struct SendmailCallerTests {
    /// Runs a program of somebody else, and returns what came of it at ann's.
    private func message(
        from server: MartletServer, _ program: String, _ arguments: [String], input: String = "",
        environment: [String: String] = [:]
    ) async throws -> Data {
        let home = try TemporaryDirectory()
        let all = SendmailProgram(for: server).environment.merging(["HOME": home.path, "MAILRC": "/dev/null"]) { $1 }
            .merging(environment) { $1 }
        let result = try await run(
            Tool.require(program), arguments, input: Data(input.utf8), environment: all, directory: home.path)
        try #require(result.status == 0, "\(program): \(result.output)\(result.errors)")
        return try await server.message(for: "ann")
    }

    @Test(.requires("php")) func `PHP's mail()`() async throws {
        try await MartletServer.with { server in
            let code = #"""
                exit(mail("ann@example.org", "Hi", "one\r\ntwo\n.\nlast", "Bcc: bob@example.org\r\nFrom: web@example.org",
                "-fbounce@example.org") ? 0 : 1);
                """#
            let path = "sendmail_path=\(try SendmailProgram.path) -t -i"
            let message = try await message(from: server, "php", ["-d", path, "-r", code])
            #expect(message.body == "one\ntwo\n.\nlast\n")
            #expect(message.header.contains("Return-Path: <bounce@example.org>\n"))
            #expect(message.header.contains("Subject: Hi\n") && !message.header.contains("Bcc"))
            _ = try await server.message(for: "bob")
        }
    }

    @Test(.requires("php")) func `PHP hears when nothing was sent`() async throws {
        let code = #"exit(@mail("ann@example.org", "Hi", "x") ? 0 : 1);"#
        let path = "sendmail_path=\(try SendmailProgram.path) -t -i"
        let result = try await run(
            Tool.require("php"), ["-d", path, "-r", code], environment: ["MARTLET_MAILDROP": "/nowhere"])
        #expect(result.status == 1)
    }

    @Test(.requires("s-nail")) func `s-nail`() async throws {
        try await MartletServer.with { server in
            let message = try await message(
                from: server, "s-nail",
                [
                    "-n", "-S", "mta=\(try SendmailProgram.path)", "-S", "sendwait", "-s", "Hi", "-b",
                    "bob@example.org",
                    "ann@example.org",
                ], input: "text\n.dot\n")
            #expect(message.header.contains("Subject: Hi\n") && message.header.contains("\nFrom: "))
            #expect(message.body == "text\n.dot\n")
            _ = try await server.message(for: "bob")
        }
    }

    @Test(.requires("bsd-mailx")) func `bsd-mailx`() async throws {
        try await MartletServer.with { server in
            let settings = try server.directory.write(
                Data("set sendmail=\(try SendmailProgram.path)\nset sendwait\n".utf8), to: "mailrc")
            let message = try await message(
                from: server, "bsd-mailx", ["-n", "-s", "Hi", "-b", "bob@example.org", "ann@example.org"],
                input: "text\n", environment: ["MAILRC": settings])
            #expect(message.header.contains("Subject: Hi\n"))
            for name in ["From: ", "Date: ", "Message-ID: "] { #expect(message.header.contains("\n\(name)")) }
            #expect(!message.header.contains("Bcc"))
            _ = try await server.message(for: "bob")
        }
    }

    @Test(.requires("mutt")) func `mutt`() async throws {
        try await MartletServer.with { server in
            let message = try await message(
                from: server, "mutt",
                [
                    "-n", "-e", "set sendmail=\"\(try SendmailProgram.path) -oem -oi\"", "-e",
                    "set use_envelope_from=yes",
                    "-e", "set from=me@example.org", "-e", "set dsn_notify='failure,delay'", "-e", "set copy=no", "-e",
                    "set send_charset=utf-8",
                    "-s", "Grüße", "-b", "bob@example.org", "--", "ann@example.org",
                ],
                input: "Ärger\n", environment: ["LC_ALL": "C.UTF-8"])
            #expect(message.header.contains("Return-Path: <me@example.org>\n"))
            #expect(message.header.contains("Subject: =?utf-8?"))
            _ = try await server.message(for: "bob")
        }
    }

    @Test(.requires("git", "git-send-email")) func `git send-email`() async throws {
        try await MartletServer.with { server in
            let home = try TemporaryDirectory()
            let patch = "From 1 Mon Sep 17 00:00:00 2001\nFrom: you@example.net\nSubject: [PATCH] x\n\nbody\n.\nend\n"
            let path = try home.write(Data(patch.utf8), to: "1.patch")
            let message = try await message(
                from: server, "git",
                [
                    "send-email", "--quiet", "--from=you@example.net", "--envelope-sender=auto", "--to=ann@example.org",
                    "--confirm=never",
                    "--sendmail-cmd=\(try SendmailProgram.path)", path,
                ],
                environment: [
                    "GIT_CONFIG_NOSYSTEM": "1", "EMAIL": "you@example.net", "GIT_AUTHOR_NAME": "You",
                    "GIT_COMMITTER_NAME": "You",
                ])
            #expect(message.header.contains("Return-Path: <you@example.net>\n"))
            #expect(message.body == "body\n.\nend\n")
        }
    }

    @Test(.requires("python3")) func `a pipe from Python, as cron and scripts write to it`() async throws {
        try await MartletServer.with { server in
            let code = """
                import subprocess, sys
                caller = subprocess.Popen([sys.argv[1], '-FCronDaemon', '-i', '-B8BITMIME', '-oem', 'ann'],
                    stdin=subprocess.PIPE)
                caller.stdin.write(b'From: root (Cron Daemon)\\nTo: root\\nSubject: Cron <root@here> true\\n'
                    b'Content-Type: text/plain; charset=UTF-8\\n\\n10%\\r20%\\r30%\\n\\xc3\\xa4\\n')
                caller.stdin.close()
                sys.exit(caller.wait())
                """
            let message = try await message(from: server, "python3", ["-c", code, SendmailProgram.path])
            #expect(message.body == "10%\n20%\n30%\nä\n")
            #expect(message.header.contains("Subject: Cron <root@here> true\n"))
            #expect(message.header.contains("From: root (Cron Daemon)\n"))
        }
    }
}
