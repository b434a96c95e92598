import Glibc
import MailCore
import MailTesting
import Maildrop
import QueueCore
import SMTPCore
import SendmailCore
import Synchronization
import Testing

@testable import Reception

struct MaildropIntakeTests {
    private let directory: TemporaryDirectory
    private let folder: MaildropFolder
    private let ledger = RecordingLedger()
    private let events = EventBox()

    init() throws {
        directory = try TemporaryDirectory()
        folder = MaildropFolder(directory.path("maildrop"))
        try folder.prepare(
            MaildropSettings(
                hostname: Domain("mail.example.org"), domain: Domain("example.org"), messageSize: 10_000, recipients: 2)
        )
    }

    private func leave(_ text: String, to recipients: String...) throws {
        let envelope = Envelope(
            reversePath: .mailbox(try EmailAddress("me@example.org")),
            recipients: try (recipients.isEmpty ? ["ann@example.org"] : recipients).map {
                EnvelopeRecipient(try EmailAddress($0))
            })
        let writer = try DropWriter(folder, envelope)
        try writer.append(Array(text.utf8))
        try writer.commit(body: .sevenBit)
    }

    private func intake(_ sink: RecordingSink, taken: [String] = []) -> MaildropIntake {
        MaildropIntake(
            MaildropInbox(folder),
            settings: MaildropIntakeSettings(
                hostname: "mail.example.org", content: ContentLimits(size: 10_000), recipients: 2),
            sink: sink, ledger: ledger, taken: taken, mailDate: { "now" }, log: { [events] in events.add($0) })
    }

    private var names: [String] { get throws { try MaildropInbox(folder).names(limit: 1_000) } }

    @Test func `a message goes into the queue with its origin and the user's number, and out of the folder`() throws {
        try leave("Subject: a\r\n\r\nb\r\n")
        let name = try names[0]
        let sink = RecordingSink()
        #expect(try intake(sink).takeGroup() == false)
        let stored = try #require(sink.stored.first)
        #expect(stored.body == "Subject: a\r\n\r\nb\r\n")
        #expect(stored.envelope.origin == name)
        #expect(stored.prefix.hasPrefix("Received: by mail.example.org (Martlet, from uid \(geteuid()))\r\n\tid 1"))
        #expect(stored.prefix.hasSuffix("\r\n\tfor <ann@example.org>;\r\n\tnow\r\n"))
        #expect(try names.isEmpty)
        #expect(ledger.forgotten == [name])
    }

    @Test func `what is in the queue already is only taken away`() throws {
        try leave("a\r\n")
        let name = try names[0]
        let sink = RecordingSink()
        _ = try intake(sink, taken: [name, "gone-before"]).takeGroup()
        #expect(sink.stored.isEmpty)
        #expect(try names.isEmpty)
        #expect(Set(ledger.forgotten) == [name, "gone-before"])
    }

    @Test(arguments: [RecordingSink(openError: .full), RecordingSink(commitError: .failed("disk"))])
    func `what the queue does not take stays, and comes in later`(_ refusing: RecordingSink) throws {
        try leave("a\r\n")
        #expect(throws: MaildropTrouble.self) { try intake(refusing).takeGroup() }
        #expect(try names.count == 1)
        #expect(ledger.forgotten.isEmpty)
        let sink = RecordingSink()
        _ = try intake(sink).takeGroup()
        #expect(sink.stored.count == 1)
    }

    @Test(arguments: ["a\nb\r\n", "a\rb\r\n", "a\0\r\n", "a\r\n.\r\n\r"])
    func `content that the network may not bring, a user may not bring either`(_ text: String) throws {
        try leave(text)
        let sink = RecordingSink()
        _ = try intake(sink).takeGroup()
        #expect(sink.stored.isEmpty)
        #expect(try names.isEmpty)
        #expect(events.setAside.count == 1)
    }

    @Test func `too large, too many recipients, or a loop: set aside, and the next one goes on`() throws {
        try leave(String(repeating: "x", count: 10_001))
        try leave("a\r\n", to: "a@example.org", "b@example.org", "c@example.org")
        try leave(String(repeating: "Received: x\r\n", count: 101) + "\r\n")
        try leave("fine\r\n")
        let sink = RecordingSink()
        _ = try intake(sink).takeGroup()
        #expect(sink.stored.map(\.body) == ["fine\r\n"])
        #expect(events.setAside.count == 3)
        #expect(try names.isEmpty)
    }

    @Test func `many come in groups`() throws {
        for number in 0..<70 { try leave("\(number)\r\n") }
        let sink = RecordingSink()
        let intake = intake(sink)
        #expect(try intake.takeGroup())
        #expect(try !intake.takeGroup())
        #expect(Set(sink.stored.map(\.body)) == Set((0..<70).map { "\($0)\r\n" }))
    }
}

private final class RecordingLedger: OriginLedger {
    private let names = Mutex<[String]>([])
    var forgotten: [String] { names.withLock { $0 } }

    func takenOrigins() -> [String] { [] }
    func forget(_ origins: [String]) { names.withLock { $0 += origins } }
}

private final class EventBox: Sendable {
    private let events = Mutex<[MaildropEvent]>([])

    func add(_ event: MaildropEvent) { events.withLock { $0.append(event) } }

    var setAside: [String] {
        events.withLock { events in
            events.compactMap { if case .setAside(let path, _) = $0 { path } else { nil } }
        }
    }
}
