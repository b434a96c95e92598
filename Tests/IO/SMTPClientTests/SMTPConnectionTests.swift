import Foundation
import MailCore
import NIOCore
import SMTPClient
import SMTPCore
import Synchronization
import Testing

@Suite struct SMTPConnectionTests {
    static let opening: [ScriptedServer.Step] = [
        .say("220 mx ESMTP\r\n"), .hear("EHLO client.example\r\n"),
        .say("250-mx\r\n250-PIPELINING\r\n250 SIZE 100000\r\n"),
    ]
    static let oneMessage: [ScriptedServer.Step] = [
        .hear("DATA\r\n"), .say("250 ok\r\n250 ok\r\n354 go\r\n"), .hear("\r\n.\r\n"), .say("250 2.0.0 kept as 42\r\n"),
    ]
    static let closing: [ScriptedServer.Step] = [.hear("QUIT\r\n"), .say("221 bye\r\n"), .close]

    @Test func sendsMessagesOneAfterAnotherAndQuits() async throws {
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + Self.oneMessage + Self.closing)
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration())
        #expect(connection.extensions.pipelining && connection.extensions.largestMessage == 100_000)
        for _ in 1...2 {
            let receipt = try await connection.send(envelope("bob"), ByteBuffer(string: "Subject: x\r\n\r\n.dot\r\n"))
            #expect(receipt.reply?.lines == ["kept as 42"])
            #expect(receipt.outcomes.map(\.action) == [.delivered])
            #expect(receipt.outcomes[0].remoteHost == "127.0.0.1")
        }
        await connection.quit()
        let transaction =
            "MAIL FROM:<ann@client.example> SIZE=20\r\nRCPT TO:<bob@mx.example>\r\nDATA\r\n"
            + "Subject: x\r\n\r\n..dot\r\n.\r\n"
        #expect(server.heard.text == "EHLO client.example\r\n" + transaction + transaction + "QUIT\r\n")
        try await server.stop()
    }

    @Test func tellsTheDialogueLineByLine() async throws {
        let lines = Mutex<[TranscriptLine]>([])
        let server = try await ScriptedServer(Self.opening + Self.oneMessage + Self.closing)
        let configuration = try configuration { line in lines.withLock { $0.append(line) } }
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration)
        _ = try await connection.send(envelope("bob"), ByteBuffer(string: "a\r\nsecret\r\n"))
        await connection.quit()
        let transcript = lines.withLock { $0 }
        #expect(
            transcript.map(\.description) == [
                "< 220 mx ESMTP", "> EHLO client.example", "< 250-mx", "< 250-PIPELINING", "< 250 SIZE 100000",
                "> MAIL FROM:<ann@client.example> SIZE=11", "> RCPT TO:<bob@mx.example>", "> DATA", "< 250 ok",
                "< 250 ok",
                "< 354 go", "> [11 octets of message]", "> .", "< 250 2.0.0 kept as 42", "> QUIT", "< 221 bye",
            ])
        #expect(zip(transcript, transcript.dropFirst()).allSatisfy { $0.offset <= $1.offset })
        try await server.stop()
    }

    @Test func oneRecipientRefusedDoesNotStopTheOthers() async throws {
        let server = try await ScriptedServer(
            Self.opening + [
                .hear("DATA\r\n"), .say("250 ok\r\n550 5.1.1 no bob\r\n250 ok\r\n354 go\r\n"), .hear("\r\n.\r\n"),
                .say("250 kept\r\n"),
            ])
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration())
        let receipt = try await connection.send(envelope("bob", "cid"), ByteBuffer(string: "x\r\n"))
        #expect(receipt.outcomes.map(\.action) == [.failed, .delivered])
        connection.close()
        try await server.stop()
    }

    @Test func whereAllAreRefusedTheErrorSaysWho() async throws {
        let server = try await ScriptedServer(
            Self.opening + [
                .hear("DATA\r\n"), .say("250 ok\r\n550 5.1.1 no bob\r\n554 nobody\r\n"), .hear("RSET\r\n"),
                .say("250 ok\r\n"),
            ] + Self.closing)
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration())
        let error = try await #require(throws: SMTPError.self) {
            try await connection.send(envelope("bob"), ByteBuffer(string: "x\r\n"))
        }
        #expect(!error.isTransient && error.stage == .rcpt)
        #expect(error.description.contains("bob@mx.example: 550 5.1.1 no bob"))
        await connection.quit()
        try await server.stop()
    }

    @Test func lmtpOverASocketOfThisMachine() async throws {
        let path = NSTemporaryDirectory() + "lmtp-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let server = try await ScriptedServer(
            [
                .say("220 mx LMTP\r\n"), .hear("LHLO client.example\r\n"), .say("250-mx\r\n250 PIPELINING\r\n"),
                .hear("DATA\r\n"), .say("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n"), .hear("\r\n.\r\n"),
                .say("250 2.1.5 bob\r\n"), .say("452 4.2.2 cid is full\r\n"),
            ], isLMTP: true, socket: path)
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration())
        let receipt = try await connection.send(envelope("bob", "cid"), ByteBuffer(string: "x\r\n"))
        #expect(receipt.outcomes.map(\.action) == [.delivered, .deferred])
        connection.close()
        try await server.stop()
    }

    @Test func aMessageInPiecesIsSentAsOne() async throws {
        let server = try await ScriptedServer(Self.opening + Self.oneMessage)
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration())
        let pieces = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            for piece in ["a\r", "\n", ".", "b"] { continuation.yield(ByteBuffer(string: piece)) }
            continuation.finish()
        }
        let result = try await connection.deliver(envelope("bob"), size: 5, pieces: pieces)
        #expect(result.outcomes.map(\.action) == [.delivered])
        #expect(server.heard.text.hasSuffix("DATA\r\na\r\n..b\r\n.\r\n"))
        connection.close()
        try await server.stop()
    }

    @Test func aMessageThatCannotBeReadIsNeverEnded() async throws {
        struct Unreadable: Error {}
        let server = try await ScriptedServer(Self.opening + Self.oneMessage)
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration())
        let pieces = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            continuation.yield(ByteBuffer(string: "half of\r\n"))
            continuation.finish(throwing: Unreadable())
        }
        let result = try await connection.deliver(envelope("bob"), size: nil, pieces: pieces)
        #expect(result.outcomes.map(\.action) == [.deferred])
        await connection.quit()
        #expect(!server.heard.text.contains("\r\n.\r\n"))
        try await server.stop()
    }
}

// MARK: - Failures

extension SMTPConnectionTests {
    @Test func aServerThatSaysNothingIsGivenUp() async throws {
        let server = try await ScriptedServer([])
        var configuration = try configuration()
        configuration.longestWait = .seconds(3)
        let error = try await #require(throws: SMTPError.self) {
            try await SMTPConnection.connect(to: server.url, configuration: configuration)
        }
        #expect(error.stage == .greeting && error.isTransient && error.hint != nil)
        try await server.stop()
    }

    @Test func aServerThatFallsSilentWithTheMessageIsGivenUp() async throws {
        let server = try await ScriptedServer(Self.opening + Self.oneMessage.dropLast())
        var configuration = try configuration()
        configuration.longestWait = .seconds(5)
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration)
        let error = try await #require(throws: SMTPError.self) {
            try await connection.send(envelope("bob"), ByteBuffer(string: "x\r\n"))
        }
        #expect(error.stage == .endOfData && error.hint?.contains("may have been delivered") == true)
        try await server.stop()
    }

    @Test func nobodyListening() async throws {
        let port = try ReservedPort()
        let url = try SMTPURL("smtp://127.0.0.1:\(port.number)")
        let error = try await #require(throws: SMTPError.self) {
            try await SMTPConnection.connect(to: url, configuration: configuration())
        }
        withExtendedLifetime(port) {}
        #expect(error.stage == .connect && error.isTransient && error.hint != nil)
        #expect(error.description == "127.0.0.1:\(port.number): Connection refused")
    }

    @Test(arguments: [
        ("554 5.7.1 go away\r\n", false), ("421 4.3.2 busy\r\n", true), ("HTTP/1.1 400 Bad Request\r\n", true),
        ("", true),
    ])
    func aServerThatDoesNotGreet(greeting: String, isTransient: Bool) async throws {
        let server = try await ScriptedServer([.say(greeting), .close])
        let error = try await #require(throws: SMTPError.self) {
            try await SMTPConnection.connect(to: server.url, configuration: configuration())
        }
        #expect(error.stage == .greeting && error.isTransient == isTransient)
        try await server.stop()
    }

    @Test func aTaskThatIsCancelledStopsWaiting() async throws {
        let server = try await ScriptedServer(Self.opening)
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration())
        let envelope = try envelope("bob")
        let task = Task { try await connection.send(envelope, ByteBuffer(string: "x\r\n")) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // The session has ended with it.
        await #expect(throws: SMTPError.self) { try await connection.send(envelope, ByteBuffer(string: "x\r\n")) }
        try await server.stop()
    }

    @Test func threeMessagesAtOnceAreOneTooMany() async throws {
        let server = try await ScriptedServer(Self.opening)
        let connection = try await SMTPConnection.connect(to: server.url, configuration: configuration())
        let envelope = try envelope("bob")
        let tasks = (1...3).map { _ in Task { try await connection.deliver(envelope, ByteBuffer(string: "x\r\n")) } }
        // Whichever comes last is told so at once; the others wait for the server, until the connection is closed.
        let results = await withTaskGroup(of: Bool.self) { group in
            for task in tasks {
                group.addTask {
                    let result = await task.result
                    connection.close()
                    return (try? result.get()) != nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.sorted { !$0 && $1 } == [false, true, true])
        try await server.stop()
    }

    func configuration(
        transcript: (@Sendable (TranscriptLine) -> Void)? = nil
    ) throws -> SMTPClientConfiguration {
        SMTPClientConfiguration(localName: .domain(try Domain("client.example")), transcript: transcript)
    }

    func envelope(_ recipients: String...) throws -> Envelope {
        try Envelope(
            reversePath: .mailbox(EmailAddress("ann@client.example")),
            recipients: recipients.map { EnvelopeRecipient(try EmailAddress("\($0)@mx.example")) })
    }
}
