import MailCore
import MailTesting
import SMTPClient
import SMTPCore
import Testing

/// What happens when a server does not do what it should, and what is tried again.
@Suite struct MailerFailureTests {
    private static let opening = SMTPConnectionTests.opening

    /// How far a server goes before it falls silent, and where the deadline finds the dialogue.
    static let silences: [([ScriptedServer.Step], SMTPStage)] = [
        ([], .greeting), ([.say("220 mx\r\n")], .hello), (ScriptedServer.Step.opening("SIZE"), .mail),
        (Self.opening, .mail), (Self.opening + [.hear("DATA\r\n"), .say("250 ok\r\n")], .rcpt),
        (Self.opening + [.hear("DATA\r\n"), .say("250 ok\r\n250 ok\r\n")], .data),
        (Self.opening + [.hear("DATA\r\n"), .say("250 ok\r\n250 ok\r\n354 go\r\n")], .endOfData),
    ]

    /// On a busy machine the server may not come so far in a short time; then it gets more.
    @Test(arguments: silences) func theDeadlineHoldsAtEveryStage(
        steps: [ScriptedServer.Step], stage: SMTPStage
    ) async throws {
        let server = try await ScriptedServer(steps)
        var last: SMTPError?
        for timeout in [Duration.milliseconds(300), .seconds(3), .seconds(30)] where last?.stage != stage {
            last = try await #require(throws: SMTPError.self) {
                try await Mailer(.of(server)).send(message(to: "bob"), timeout: timeout)
            }
        }
        let error = try #require(last)
        #expect(error.stage == stage && error.isTransient)
        #expect(error.isUncertain == (stage == .endOfData))
        try await server.stop()
    }

    @Test func aConnectionThatIsUsedAgainHasADeadlineToo() async throws {
        let server = try await ScriptedServer(Self.opening + SMTPConnectionTests.oneMessage + [.hear("DATA\r\n")])
        let mailer = Mailer(try .of(server))
        try await mailer.send(message(to: "bob"))
        let error = try await #require(throws: SMTPError.self) {
            try await mailer.send(message(to: "bob"), timeout: .seconds(3))
        }
        #expect(error.stage == .mail)
        try await server.stop()
    }

    @Test func whoFindsAllConnectionsBusyWaitsNoLongerThanTheDeadline() async throws {
        let server = try await ScriptedServer(Self.opening)
        let mailer = Mailer(try .of(server, limits: .init(connections: 1)))
        let first = Task { try await mailer.send(message(to: "bob")) }
        try await eventually("DATA") { server.heard.text.contains("DATA") ? () : nil }
        let error = try await #require(throws: SMTPError.self) {
            try await mailer.send(message(to: "bob"), timeout: .milliseconds(20))
        }
        #expect(error.stage == .connect && error.description.contains("all 1 are in use"))
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        try await server.stop()
    }

    @Test func aTaskThatIsCancelledEndsItsSession() async throws {
        let server = try await ScriptedServer(Self.opening)
        let mailer = Mailer(try .of(server))
        let sending = Task { try await mailer.send(message(to: "bob")) }
        try await eventually("DATA") { server.heard.text.contains("DATA") ? () : nil }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        try await server.stop()
    }

    /// The backlog is full, so the handshake of TCP does not come to its end.
    @Test func aTaskThatIsCancelledDoesNotWaitForTheConnection() async throws {
        let busy = try BusyPort()
        let mailer = Mailer(MailerConfiguration(server: SMTPURL(.host("127.0.0.1", port: busy.number))))
        let sending = Task { try await mailer.send(message(to: "bob")) }
        await Task.yield()
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        withExtendedLifetime(busy) {}
    }

    @Test func nobodyListensThere() async throws {
        let port = try ReservedPort()
        let error = try await #require(throws: SMTPError.self) {
            try await withMailer("smtp://127.0.0.1:\(port.number)") { _ = try await $0.send(message(to: "bob")) }
        }
        #expect(error.stage == .connect && error.hint != nil && error.description.contains("refused"))
        withExtendedLifetime(port) {}
    }

    // MARK: - Trying again

    private static let again = MailerRetry(attempts: 3, pause: .zero)

    @Test(arguments: [
        FailingTransport.Step.connectionLost(at: .greeting), .reply(421, "4.3.2 busy", at: .greeting),
        .reply(450, "4.7.1 greylisted", at: .rcpt), .reply(452, "4.3.1 full", at: .endOfData),
    ])
    func whatWasCertainlyNotTakenIsTriedAgain(step: FailingTransport.Step) async throws {
        let memory = MemoryTransport()
        let failing = FailingTransport([step, step], then: memory)
        try await Mailer(transport: failing, retry: Self.again).send(message(to: "bob"))
        #expect(memory.submissions.count == 1)
        let once = Mailer(transport: FailingTransport([step], then: memory))
        await #expect(throws: SMTPError.self) { try await once.send(message(to: "bob")) }
    }

    @Test func aRecipientThatIsRefusedForNowIsTriedAgain() async throws {
        let greylisted: [ScriptedServer.Step] = [
            .hear("DATA\r\n"), .say("250 ok\r\n450 4.7.1 greylisted\r\n554 nobody\r\n"), .hear("RSET\r\n"),
            .say("250 ok\r\n"),
        ]
        let server = try await ScriptedServer(Self.opening + greylisted + SMTPConnectionTests.oneMessage)
        let receipt = try await Mailer(.of(server, retry: Self.again)).send(message(to: "bob"))
        #expect(receipt.rejected.isEmpty)
        try await server.stop()
    }

    @Test(arguments: [
        FailingTransport.Step.silence(at: .endOfData), .connectionLost(at: .endOfData), .connectionLost(at: .content),
        .connectionLost(at: .mail), .reply(550, "5.1.1 nobody", at: .rcpt), .reply(554, "5.6.0 no", at: .endOfData),
    ])
    func whatMayHaveBeenTakenOrNeverWillIsNot(step: FailingTransport.Step) async throws {
        let failing = FailingTransport([step, .pass])
        let mailer = Mailer(transport: failing, timeout: .milliseconds(20), retry: Self.again)
        await #expect(throws: SMTPError.self) { try await mailer.send(message(to: "bob"), timeout: .milliseconds(20)) }
        #expect(failing.remainingSteps == 1)
    }

    @Test func attemptsEnd() async throws {
        let step = FailingTransport.Step.reply(450, "4.7.1 greylisted", at: .rcpt)
        let failing = FailingTransport([step, step, step, step])
        let error = try await #require(throws: SMTPError.self) {
            try await Mailer(transport: failing, retry: Self.again).send(message(to: "bob"))
        }
        #expect(failing.remainingSteps == 1 && error.reply?.code == 450)
    }

    @Test func noPauseGoesBeyondTheDeadline() async throws {
        let failing = FailingTransport([.connectionLost(at: .greeting), .pass])
        let mailer = Mailer(
            transport: failing, timeout: .seconds(60), retry: MailerRetry(attempts: 2, pause: .seconds(3_600)))
        let error = try await #require(throws: SMTPError.self) { try await mailer.send(message(to: "bob")) }
        #expect(error.stage == .greeting)
    }
}
