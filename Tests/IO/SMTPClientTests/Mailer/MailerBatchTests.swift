import MailCore
import MailMIME
import SMTPClient
import SMTPCore
import Testing

@Suite struct MailerBatchTests {
    private static let kept = "250 ok\r\n250 ok\r\n250 kept\r\n"

    @Test func `each message has a result of its own, in order`() async throws {
        let server = try await ScriptedServer(
            ScriptedServer.Step.opening("PIPELINING", "CHUNKING") + [
                .hear("RCPT TO:<bob@mx.example>"), .hear("Hello\r\n"), .say(Self.kept),
                .hear("RCPT TO:<cid@mx.example>"), .hear("Hello\r\n"),
                .say("250 ok\r\n250 ok\r\n550 5.1.1 no\r\n554 nobody\r\n"),
                .hear("RCPT TO:<dan@mx.example>"), .hear("Hello\r\n"), .say("250 ok\r\n" + Self.kept),
            ])
        let mailer = Mailer(try .of(server))
        let messages = [
            try message(to: "bob"), try message(to: "cid"), try message(), try message(to: "dan"),
        ]
        let results = await mailer.send(contentsOf: messages)
        #expect(results.count == 4)
        #expect(try results[0].get().accepted == [EmailAddress("bob@mx.example")])
        let refusal = #expect(throws: SMTPError.self) { try results[1].get() }
        #expect(refusal?.recipients.map(\.outcome.status.description) == ["5.1.1"])
        let unsent = #expect(throws: SMTPError.self) { try results[2].get() }
        #expect(unsent?.description.contains("no recipient") == true)
        #expect(try results[3].get().accepted == [EmailAddress("dan@mx.example")])
        #expect(server.heard.text.split(separator: "EHLO").count == 1)
        try await server.stop()
    }

    @Test func `what the server refuses for now is tried again, and only that`() async throws {
        let server = try await ScriptedServer(
            ScriptedServer.Step.opening("PIPELINING", "CHUNKING") + [
                .hear("Hello\r\n"), .say(Self.kept), .hear("Hello\r\n"),
                .say("250 ok\r\n250 ok\r\n250 ok\r\n451 4.3.0 later\r\n"), .hear("RSET\r\n"), .say("250 ok\r\n"),
                .hear("RCPT TO:<cid@mx.example>"), .hear("Hello\r\n"), .say(Self.kept),
            ])
        let mailer = Mailer(try .of(server, retry: MailerRetry(attempts: 2, pause: .milliseconds(1))))
        let results = await mailer.send(contentsOf: [try message(to: "bob"), try message(to: "cid")])
        #expect(try results.map { try $0.get().accepted.count } == [1, 1])
        #expect(server.heard.text.split(separator: "RCPT TO:<bob").count == 2, "once")
        try await server.stop()
    }

    @Test func `a transport that knows no batches gets one message after another`() async throws {
        let transport = MemoryTransport()
        let messages = try (1...600).map { try message(to: "user\($0)") }
        let results = await Mailer(transport: transport).send(contentsOf: messages)
        #expect(results.count == 600 && transport.submissions.count == 600)
    }
}
