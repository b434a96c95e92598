import Foundation
import MailTesting
import Testing

/// What `martlet send` makes of what a server offers.
@Suite struct SendExtensionTests {
    /// What comes at a server with these extensions, from MAIL on.
    private func commands(_ arguments: [String], extensions: [String], text: String? = "Hi") async throws -> (
        commands: [String], result: ProcessResult
    ) {
        var commands: [String] = []
        var result: ProcessResult?
        try await ScriptedRemote.with(RemoteScript(extensions: extensions)) { remote in
            let content = text.map { ["--text", $0] } ?? []
            result = try await send(content + ["--via", "smtp://127.0.0.1:\(remote.port)"] + arguments)
            let lines = try #require(remote.transcripts.first).split(separator: "\n")
            commands = lines.filter { $0.hasPrefix("C: ") }.map { String($0.dropFirst(3)) }
        }
        return (commands, try #require(result))
    }

    @Test func `with CHUNKING the message goes by BDAT`() async throws {
        let (commands, result) = try await commands(["ann@example.org"], extensions: ["PIPELINING", "CHUNKING"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(commands.contains { $0.wholeMatch(of: /BDAT \d+ LAST/) != nil }, "\(commands)")
        #expect(!commands.contains("DATA"))
    }

    @Test func `a large message goes by one BDAT, while it is read`() async throws {
        let files = try TemporaryDirectory()
        let path = try files.write(Data(repeating: 0, count: 2 << 20), to: "large.bin")
        let (commands, result) = try await commands(
            ["ann@example.org", "--attach", path], extensions: ["PIPELINING", "CHUNKING"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(commands.count { $0.wholeMatch(of: /BDAT \d{7} LAST/) != nil } == 1, "\(commands)")
        #expect(!commands.contains("DATA"))
    }

    @Test func `no more transactions go over a connection than the server takes`() async throws {
        let script = RemoteScript(extensions: ["PIPELINING", "LIMITS RCPTMAX=1 MAILMAX=2"])
        try await ScriptedRemote.with(script) { remote in
            let recipients = ["a", "b", "c"].map { "\($0)@example.org" }
            let result = try await send(["--text", "Hi", "--via", "smtp://127.0.0.1:\(remote.port)"] + recipients)
            #expect(result.status == 0, "\(result.errors)")
            let counts = remote.transcripts.map { $0.split(separator: "\n").count { $0.hasPrefix("C: MAIL ") } }
            #expect(counts == [2, 1])
        }
    }

    @Test func `who has the message is not told otherwise when the server goes away before the next one gets it`()
        async throws
    {
        let script = RemoteScript(
            [.endOfData: .hangUpAfter("250 2.0.0 Taken\r\n")], extensions: ["PIPELINING", "LIMITS RCPTMAX=1"])
        try await ScriptedRemote.with(script) { remote in
            let result = try await send(
                ["--text", "Hi", "--via", "smtp://127.0.0.1:\(remote.port)", "a@example.org", "b@example.org"])
            #expect(result.status == 75, "\(result.errors)")
            let text = result.output + result.errors
            #expect(text.contains("<a@example.org>: accepted") && text.contains("<b@example.org>: 4.4.2"), "\(text)")
        }
    }

    @Test func `what needs SMTPUTF8 is not sent elsewhere, and the author hears what to do`() async throws {
        let files = try TemporaryDirectory()
        let path = try files.write(Data("From: you@example.net\nSubject: Grüße\n\nHi\n".utf8), to: "raw.eml")
        let (commands, result) = try await commands(
            ["ann@example.org", "--eml", path], extensions: ["PIPELINING", "8BITMIME"], text: nil)
        #expect(result.status == 69 && !commands.contains { $0.hasPrefix("MAIL") }, "\(commands)")
        #expect(result.errors.contains("5.6.7 ") && result.errors.contains("encoded words (RFC 2047)"))
    }

    @Test func `as many recipients are named at a time as the server takes`() async throws {
        let recipients = ["a", "b", "c", "d", "e"].map { "\($0)@example.org" }
        let (commands, result) = try await commands(recipients, extensions: ["LIMITS RCPTMAX=2"])
        #expect(result.status == 0, "\(result.errors)")
        let transactions = commands.split { $0.hasPrefix("MAIL ") }.dropFirst()
        #expect(transactions.map { $0.count { $0.hasPrefix("RCPT ") } } == [2, 2, 1])
        #expect(result.output.contains("<e@example.org>: accepted"))
    }

    @Test func `the server hears which reports are wanted`() async throws {
        let wishes = ["--notify", "success,delay", "--return", "headers", "--envelope-id", "a+b"]
        let (commands, result) = try await commands(["ann@example.org"] + wishes, extensions: ["DSN"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(commands.contains("MAIL FROM:<you@example.net> RET=HDRS ENVID=a+2Bb"), "\(commands)")
        #expect(commands.contains("RCPT TO:<ann@example.org> NOTIFY=SUCCESS,DELAY"))
        let never = try await self.commands(["ann@example.org", "--notify", "never"], extensions: ["DSN"])
        #expect(never.commands.contains("RCPT TO:<ann@example.org> NOTIFY=NEVER"))
        let (plain, told) = try await self.commands(["ann@example.org"] + wishes, extensions: ["PIPELINING"])
        #expect(told.status == 0 && told.errors.contains("the server offers no DSN"), "\(told.errors)")
        #expect(plain.contains("RCPT TO:<ann@example.org>"))
    }

    @Test(arguments: [
        ["--notify", "never,delay"], ["--notify", ""], ["--return", "all"], ["--envelope-id", ""],
        ["--envelope-id", "a\tb"],
    ]) func `wishes that no server understands are refused`(wish: [String]) async throws {
        #expect(try await send(["ann@example.org", "--text", "Hi", "--dry-run"] + wish).status == 64)
    }
}
