import Foundation
import MailCore
import MailSpool
import MailTesting
import Maildrop
import NIOCore
import QueueCore
import Reception
import SMTPCore
import SendmailCore
import Testing

/// The maildrop and the spool are two stores, and a crash may come between any two of their writes.
struct MaildropCrashTests {
    private let directory: TemporaryDirectory
    private let folder: MaildropFolder
    private let inbox: MaildropInbox

    init() throws {
        directory = try TemporaryDirectory()
        folder = MaildropFolder(directory.path("maildrop"))
        inbox = MaildropInbox(folder)
        try folder.prepare(
            MaildropSettings(
                hostname: Domain("mail.example.org"), domain: Domain("example.org"), messageSize: 10_000, recipients: 2)
        )
    }

    private func openSpool() throws -> Spool {
        var settings = SpoolSettings()
        (settings.diskReserve, settings.inodeReserve) = (0, 0)
        return try Spool.open(
            directory: directory.path("queue"), settings: settings,
            now: { Timestamp(microseconds: 1_800_000_000_000_000) })
    }

    /// The state before a crash, in which the file is still there, or only the name is remembered, or neither.
    enum Crash: CaseIterable {
        case beforeRemoval, beforeForgetting, afterForgetting
    }

    @Test(arguments: Crash.allCases)
    func `a message that was taken in before a crash is not taken in after it`(_ crash: Crash) async throws {
        let recipient = EnvelopeRecipient(try EmailAddress("ann@example.org"))
        let writer = try DropWriter(folder, Envelope(reversePath: .null, recipients: [recipient]))
        try writer.append(Array("x\r\n".utf8))
        try writer.commit(body: .sevenBit)
        let name = try #require(try inbox.names(limit: 1).first)
        let octets = try Data(contentsOf: URL(fileURLWithPath: "\(folder.new)/\(name)"))

        // Taken in, delivered, and gone from the queue before the crash.
        let spool = try openSpool()
        try intake(into: spool, ledger: crash == .afterForgetting ? spool : Forgetful(), taken: [])
        let message = try #require(try await spool.claim(dueBy: Timestamp(microseconds: .max), limit: 10).first)
        let outcome = Outcome(.delivered, status: EnhancedStatusCode(.success, 0, 0), diagnostic: "")
        try await spool.record([AttemptRecord(id: message.id, results: [RecipientResult(number: 0, outcome: outcome)])])
        spool.close()
        if crash == .beforeRemoval { try octets.write(to: URL(fileURLWithPath: "\(folder.new)/\(name)")) }

        let again = try openSpool()
        let taken = try await again.takenOrigins()
        #expect(taken == (crash == .afterForgetting ? [] : [name]))
        try intake(into: again, ledger: again, taken: taken)
        #expect(try await again.count().messages == 0)
        #expect(try await again.takenOrigins().isEmpty)
        #expect(try inbox.names(limit: 1).isEmpty)
        again.close()
    }

    private func intake(into spool: Spool, ledger: any OriginLedger, taken: [String]) throws {
        let intake = MaildropIntake(
            inbox,
            settings: MaildropIntakeSettings(
                hostname: "mail.example.org", content: ContentLimits(size: 10_000), recipients: 2),
            sink: spool, ledger: ledger, taken: taken, mailDate: { "now" }, log: { _ in })
        _ = try intake.takeGroup()
    }
}

/// What a ledger looks like to a server that dies before it can tell it anything.
private struct Forgetful: OriginLedger {
    func takenOrigins() -> [String] { [] }
    func forget(_ origins: [String]) {}
}
