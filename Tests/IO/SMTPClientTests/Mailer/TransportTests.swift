import Foundation
import MailCore
import MailMIME
import MailTesting
import SMTPClient
import SMTPCore
import Testing

@Suite struct MemoryTransportTests {
    @Test func keepsWhatWasSentWithItsEnvelope() async throws {
        let memory = MemoryTransport()
        let mailer = Mailer(transport: memory)
        let receipt = try await mailer.send(
            MailMessage(
                from: "Shop <shop@client.example>", to: ["ann@mx.example"], bcc: ["audit@mx.example"], subject: "Grüße",
                text: "Hello"))
        let submission = try #require(memory.submissions.first)
        #expect(submission.message?.subject == "Grüße")
        #expect(submission.envelope.recipients.map(\.address.description) == ["ann@mx.example", "audit@mx.example"])
        #expect(submission.text.contains("\r\nTo: ann@mx.example\r\n") && !submission.text.contains("audit"))
        #expect(receipt.queueID == "memory-1" && receipt.accepted.count == 2)
    }

    @Test func nextWaitsForAMessageToWhomItIsAskedFor() async throws {
        let memory = MemoryTransport()
        let mailer = Mailer(transport: memory)
        let (ann, bob) = (try EmailAddress("ann@mx.example"), try EmailAddress("bob@mx.example"))
        async let toBob = memory.next(to: bob)
        try await mailer.send(message(to: "ann"))
        try await mailer.send(message(to: "bob"))
        #expect(try await toBob.envelope.recipients.map(\.address) == [bob])
        #expect(try await memory.next().envelope.recipients.map(\.address) == [ann])
        // Each message is given out once.
        await #expect(throws: MailNotSent.self) { try await memory.next(timeout: .milliseconds(5)) }
        #expect(memory.submissions.count == 2)
    }

    @Test func whoWaitsCanBeCancelled() async throws {
        let memory = MemoryTransport()
        let waiting = Task { try await memory.next(timeout: .seconds(3_600)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test func keepsNoMoreThanItsLimit() async throws {
        let mailer = Mailer(transport: MemoryTransport(limit: 1))
        try await mailer.send(message(to: "bob"))
        let error = try await #require(throws: SMTPError.self) { try await mailer.send(message(to: "bob")) }
        #expect(error.isTransient && error.reply?.code == 452)
    }
}

@Suite struct FileTransportTests {
    @Test func writesAFileForEachMessage() async throws {
        let folder = try TemporaryDirectory()
        let mailer = Mailer(transport: FileTransport(directory: folder.path("outbox")))
        let message = try message(to: "bob", "cid")
        for _ in 1...2 { try await mailer.send(message) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("outbox"))
        #expect(names.count == 2 && names.allSatisfy { $0.hasSuffix(".eml") })
        let content = try Data(contentsOf: folder.url.appendingPathComponent("outbox/\(names[0])"))
        let envelope =
            "Return-Path: <ann@client.example>\r\nDelivered-To: bob@mx.example\r\nDelivered-To: cid@mx.example\r\n"
        #expect(content == Data(envelope.utf8) + Data(message.bytes))
    }

    @Test func saysWhichFolderCannotBeWritten() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("no/outbox")
        let error = try await #require(throws: SMTPError.self) {
            try await Mailer(transport: FileTransport(directory: path)).send(message(to: "bob"))
        }
        #expect(error.description == "\(path): No such file or directory" && !error.isTransient && error.hint != nil)
    }
}

@Suite struct FailingTransportTests {
    @Test func refusesSomeRecipientsAndHandsTheOthersOn() async throws {
        let memory = MemoryTransport()
        let bob = try EmailAddress("bob@mx.example")
        let failing = FailingTransport([.refuse([bob], 550, "no such user")], then: memory)
        let receipt = try await Mailer(transport: failing).send(message(to: "ann", "bob", "cid"))
        #expect(receipt.recipients.map(\.isAccepted) == [true, false, true])
        #expect(receipt.rejected.map(\.address) == [bob])
        #expect(memory.submissions[0].envelope.recipients.count == 2)
    }

    @Test func failsAsAServerWould() async throws {
        let failing = FailingTransport([.silence(at: .endOfData)])
        let error = try await #require(throws: SMTPError.self) {
            try await Mailer(transport: failing).send(message(to: "bob"), timeout: .milliseconds(5))
        }
        #expect(error.isUncertain && error.recipients.map(\.isTransient) == [true])
    }
}
