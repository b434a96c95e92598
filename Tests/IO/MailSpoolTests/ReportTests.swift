import GRDB
import Glibc
import MailCore
import NIOCore
import QueueCore
import Testing

@testable import MailSpool

/// What is due to be told, and how a report enters the queue: once, whatever happens in between.
@Suite struct ReportTests {
    /// Commits a report about `origin`, as long as `length`.
    @discardableResult
    private func report(_ origin: ReportOrigin, to spool: Spool, length: Int = 10) async throws -> QueueID {
        let message = try await spool.begin(ByteBuffer(repeating: UInt8(ascii: "r"), count: length))
        var envelope = try Envelope.sample(to: "ann@example.org")
        envelope.reversePath = .null
        try await message.commit(envelope, origin: origin)
        return message.queueID
    }

    /// A message in the queue whose only recipient has failed.
    private func failed(in spool: Spool) async throws -> QueueID {
        let id = try await spool.accept("Subject: Lost\r\n\r\nLost.\r\n")
        try await spool.record(id, .failed)
        return id
    }

    private func claim(_ spool: Spool) async throws -> [QueueID] {
        try await spool.claim(dueBy: Timestamp(microseconds: .max), limit: 100).map(\.id)
    }

    private func due(_ spool: Spool) async throws -> [DueReport] { try await spool.reportsDue(after: nil, limit: 100) }

    @Test func aFailureIsDueToBeToldAndKeepsItsMessage() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await failed(in: spool)
        let report = try #require(try await due(spool).first)
        #expect(report.origin == ReportOrigin(message: id, kind: .failure, recipients: [0]))
        #expect(report.mailbox.description == "ann@example.org")
        #expect(report.recipients.map(\.action) == [.failed])
        #expect(report.recipients.first?.diagnostic == "550 No such user")
        #expect(try report.content?.text() == "Received: here\r\nSubject: Lost\r\n\r\nLost.\r\n")
        #expect(try await spool.show(id) != nil)
        #expect(try await claim(spool).isEmpty)
    }

    @Test func theReportTakesThePlaceOfWhatItTells() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await failed(in: spool)
        let told = try await report(try #require(try await due(spool).first).origin, to: spool)
        #expect(try await due(spool).isEmpty)
        #expect(try await spool.show(id) == nil)
        #expect(try await claim(spool) == [told])
    }

    @Test(arguments: [10, 200_000]) func aReportOfWhatWasToldIsDropped(length: Int) async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        _ = try await failed(in: spool)
        let origin = try #require(try await due(spool).first).origin
        let first = try await report(origin, to: spool, length: length)
        let second = try await report(origin, to: spool, length: length)
        #expect(try await claim(spool) == [first])
        #expect(try await spool.show(second) == nil)
        #expect(access(temporary.folder.body(of: second), F_OK) != 0)
        try await spool.record(first, .delivered)
        #expect(try await spool.count().messages == 0)
    }

    @Test func aCrashAtAnyPointLeadsToOneReport() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        _ = try await failed(in: spool)
        let origin = try #require(try await due(spool).first).origin
        let recorded = try temporary.crashImage()
        let told = try await report(origin, to: spool)
        try await spool.flush()
        let entered = try temporary.crashImage()
        // The report is in the log, and the index as it was before.
        let between = try temporary.crashImage()
        for suffix in ["", "-wal"] {
            try TemporarySpool.write(
                try TemporarySpool.read(recorded.folder.index + suffix), to: between.folder.index + suffix)
        }
        unlink(between.folder.index + "-shm")

        var again = try recorded.open()
        #expect(try await due(again).map(\.origin) == [origin])
        #expect(try await claim(again).isEmpty)
        again.close()
        for image in [between, entered] {
            for _ in 1...2 {
                again = try image.open()
                #expect(try await due(again).isEmpty)
                #expect(try await claim(again) == [told])
                #expect(try await again.count().messages == 1)
                again.close()
            }
        }
    }

    @Test func aReportOutlivesTheIndex() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let id = try await failed(in: spool)
        let told = try await report(try #require(try await due(spool).first).origin, to: spool)
        spool.close()
        unlink(temporary.folder.index)
        let again = try temporary.open()
        defer { again.close() }
        #expect(try await claim(again) == [id, told], "what an index knew is lost, and nothing else")
    }

    @Test func anOriginIsReadBackAsItWasWritten() async throws {
        let origin = ReportOrigin(message: QueueID(rawValue: 7), kind: .delay, recipients: [0, 3])
        var buffer = ByteBuffer()
        EnvelopeCodec.encode(try .sample(to: "ann@example.org"), origin: origin, into: &buffer)
        #expect(try EnvelopeCodec.decode(buffer).origin == origin)
        for length in 0..<buffer.readableBytes {
            #expect(throws: EnvelopeCodec.Malformed.self) {
                try EnvelopeCodec.decode(buffer.getSlice(at: 0, length: length) ?? ByteBuffer())
            }
        }
    }

    @Test func recipientsAreToldOfTogetherButEachMailboxByItself() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let owner = ReversePath.mailbox(try EmailAddress("boss@example.net"))
        var envelope = try Envelope.sample(to: "bob@example.net", "cat@example.net", "list@example.net")
        envelope.options = EnvelopeOptions(return: .full, envelopeID: "7")
        let id = try await spool.accept(ByteBuffer(string: "x"), envelope)
        let expanded = Outcome.Action.expanded(into: [.init(try EmailAddress("eve@example.net"), reversePath: owner)])
        try await spool.record(id, Outcome(expanded, status: .init(.success, 1, 5), diagnostic: ""), number: 2)
        for number in [0, 1, 3] { try await spool.record(id, .failed, number: number) }

        let reports = try await due(spool)
        #expect(reports.map(\.origin.recipients) == [[0, 1], [3]])
        #expect(reports.map(\.mailbox.description) == ["ann@example.org", "boss@example.net"])
        #expect(reports.map(\.options.envelopeID) == ["7", nil])
        #expect(reports.map(\.options.return) == [.full, nil])
    }

    @Test func aDelayIsToldOnceWhileAttemptsGoOn() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept("late")
        let late = RecipientResult(number: 0, outcome: .deferred, retryAt: temporary.clock.now, isLate: true)
        try await spool.record([AttemptRecord(id: id, results: [late])])
        let first = try #require(try await due(spool).first)
        #expect(first.recipients.map(\.action) == [.delayed])
        #expect(try await claim(spool) == [id])
        let told = try await report(first.origin, to: spool)
        try await spool.record([AttemptRecord(id: id, results: [late])])
        #expect(try await due(spool).isEmpty)
        #expect(try await claim(spool) == [id, told])
        try await spool.record(id, .failed)
        #expect(try await due(spool).map(\.origin.kind) == [.failure])
    }

    @Test func whatNobodyIsToldOfIsFinished() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        var envelope = try Envelope.sample(to: "bob@example.net")
        envelope.recipients[0].notify = .never
        var null = try Envelope.sample(to: "bob@example.net")
        null.reversePath = .null
        for envelope in [envelope, null] {
            try await spool.record(try await spool.accept(ByteBuffer(string: "x"), envelope), .failed)
        }
        #expect(try await due(spool).isEmpty)
        #expect(try await spool.count().messages == 0)
    }

    @Test func whoeverListensHearsThatAReportIsDue() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let (calls, continuation) = AsyncStream.makeStream(of: Void.self)
        spool.onReportDue { continuation.yield() }
        try await spool.record(try await spool.accept("delivered"), .delivered)
        _ = try await failed(in: spool)
        continuation.finish()
        #expect(await calls.reduce(0) { count, _ in count + 1 } == 1)
    }

    @Test func anIndexOfVersionOneIsTakenOverAndWhatWasHeldIsTriedAgain() async throws {
        let temporary = try TemporarySpool()
        var spool = try temporary.open()
        let id = try await spool.accept("held until somebody could be told")
        try await spool.record(
            id, Outcome(.held, status: .init(.permanentFailure, 1, 1), diagnostic: "No such user"))
        try await spool.index.pool.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    DROP INDEX recipient_report;
                    ALTER TABLE recipient DROP COLUMN report;
                    ALTER TABLE recipient DROP COLUMN delay_known;
                    ALTER TABLE recipient DROP COLUMN route;
                    DROP TABLE origin;
                    PRAGMA user_version = 1;
                    """)
        }
        spool.close()
        spool = try temporary.open()
        defer { spool.close() }
        #expect(try await claim(spool) == [id])
        try await spool.record(id, .failed)
        #expect(try await due(spool).count == 1)
    }
}

extension Outcome {
    fileprivate static let failed = Outcome(
        .failed, status: EnhancedStatusCode(.permanentFailure, 1, 1), diagnostic: "550 No such user")
}
