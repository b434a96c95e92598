import GRDB
import MailCore
import QueueCore
import Testing

@testable import MailSpool

@Suite struct IndexTests {
    @Test func everyTransactionOfTheIndexIsSynced() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let (synchronous, journal, checkpoint) = try await spool.index.pool.writeWithoutTransaction { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint")
            )
        }
        #expect(synchronous == 2)
        #expect(journal == "wal")
        #expect(checkpoint == 0)
    }

    @Test func anOutcomeIsOnDiskWhenRecordReturns() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept("one")
        try await spool.flush()
        try #require(try await spool.index.pool.writeWithoutTransaction { SyncCounter.watch($0) })
        for round in 1...5 {
            let before = SyncCounter.count
            try await spool.record(id, .deferred, retryAt: temporary.clock.now + .seconds(round))
            #expect(SyncCounter.count > before)
        }
    }

    @Test func anIndexOfALaterVersionIsLeftAlone() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        try await spool.index.pool.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        spool.close()
        #expect(throws: SpoolError.laterVersion(99)) { try temporary.open() }
    }

    @Test func aMessageWhoseContentIsGoneIsHeldAndStopsNothing() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let lost = try await spool.accept("lost")
        try await spool.flush()
        try await spool.index.pool.write { try $0.execute(sql: "UPDATE message SET segment = 77") }
        let sound = try await spool.accept("sound")
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).map(\.id) == [sound])
        #expect(try await spool.show(lost)?.recipients.map(\.state) == [.held])
    }

    @Test func whatWasPutOffUntriedIsDueLaterAndOtherwiseAsBefore() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept("one")
        try await spool.record(id, .deferred, retryAt: temporary.clock.now)
        let before = try #require(try await spool.show(id)?.recipients.first)
        let later = temporary.clock.now + .seconds(10)
        let busy = Outcome(.deferred, status: EnhancedStatusCode(.persistentTransientFailure, 4, 5), diagnostic: "busy")
        try await spool.record([
            AttemptRecord(
                id: id, results: [RecipientResult(number: 0, outcome: busy, retryAt: later, isAttempt: false)])
        ])
        let after = try #require(try await spool.show(id)?.recipients.first)
        #expect(after.attempts == before.attempts)
        #expect(after.last == before.last)
        #expect(try await spool.nextDue() == later)
    }

    @Test func whatWasNeverTriedHasItsReasonAndNoAttempts() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept("one")
        let rest = Outcome(.deferred, status: EnhancedStatusCode(.persistentTransientFailure, 4, 1), diagnostic: "down")
        let later = temporary.clock.now + .seconds(10)
        try await spool.record([
            AttemptRecord(
                id: id, results: [RecipientResult(number: 0, outcome: rest, retryAt: later, isAttempt: false)])
        ])
        let recipient = try #require(try await spool.show(id)?.recipients.first)
        #expect(recipient.attempts == 0)
        #expect(recipient.last == LastOutcome(rest, at: temporary.clock.now))
    }
}
