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
}
