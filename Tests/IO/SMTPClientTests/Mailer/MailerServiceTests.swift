import SMTPClient
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@Suite struct MailerServiceTests {
    @Test func aGracefulShutdownSaysGoodbyeToTheServer() async throws {
        let server = try await ScriptedServer(
            SMTPConnectionTests.opening + SMTPConnectionTests.oneMessage + SMTPConnectionTests.closing)
        let mailer = Mailer(try .of(server))
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await mailer.run() }
                try await mailer.send(message(to: "bob"))
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        #expect(server.heard.text.hasSuffix("QUIT\r\n"))
        let error = try await #require(throws: SMTPError.self) { try await mailer.send(message(to: "bob")) }
        #expect(error.description == "no more messages are sent")
        try await server.stop()
    }

    @Test func cancellationShutsDownToo() async throws {
        let server = try await ScriptedServer(
            SMTPConnectionTests.opening + SMTPConnectionTests.oneMessage + SMTPConnectionTests.closing)
        let mailer = Mailer(try .of(server))
        let running = Task { try await mailer.run() }
        try await mailer.send(message(to: "bob"))
        running.cancel()
        try await running.value
        #expect(server.heard.text.hasSuffix("QUIT\r\n"))
        try await server.stop()
    }
}
