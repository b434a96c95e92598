import GRDB
import Glibc
import MailCore
import NIOCore
import QueueCore
import Synchronization
import Testing

@testable import MailSpool

/// What is damaged costs what it holds, and nothing else.
@Suite struct DamageTests {
    private func everyoneDue(_ spool: Spool, _ temporary: TemporarySpool) async throws -> [QueueID] {
        try await spool.claim(dueBy: temporary.clock.now, limit: 100).map(\.id)
    }

    @Test func aDamagedRecordAtTheEndOfTheLogIsSetAside() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let first = try await spool.accept("first")
        try await spool.flush()
        let start = spool.indexWriter.end.offset
        try await spool.accept("last")
        try await spool.flush()
        let end = Int(spool.indexWriter.end.offset)
        spool.close()
        unlink(temporary.folder.index)
        let segment = try #require(try temporary.segments().first)
        var damaged = try TemporarySpool.read(segment)
        damaged.setInteger(UInt8(ascii: "T"), at: end - 1)
        try TemporarySpool.write(damaged, to: segment)

        let again = try temporary.open()
        defer { again.close() }
        #expect(again.recovery.setAside == ["\(temporary.path)/damaged/1-\(start).record"])
        #expect(try String(buffer: TemporarySpool.read(again.recovery.setAside[0])).hasSuffix("lasT"))
        #expect(try await everyoneDue(again, temporary) == [first])
    }

    @Test func aLogWithRecordsOfAnotherVersionIsLeftAlone() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        try await spool.accept("first")
        spool.close()
        unlink(temporary.folder.index)
        let segment = try #require(try temporary.segments().first)
        var later = try TemporarySpool.read(segment)
        later.setInteger(UInt16(2), at: 8, endianness: .little)
        var checksum = Checksum()
        checksum.add(try #require(later.getSlice(at: 0, length: RecordHeader.length - 4)))
        later.setInteger(checksum.value, at: RecordHeader.length - 4, endianness: .little)
        try TemporarySpool.write(later, to: segment)

        #expect(throws: SpoolError.laterLogVersion(2)) { try temporary.open() }
        #expect(try TemporarySpool.read(segment) == later)
    }

    @Test func aRowThatCannotBeReadHoldsItsMessageAndStopsNothing() async throws {
        for sql in ["UPDATE recipient SET address = 'x'", "UPDATE message SET reverse_path = 'x'"] {
            let temporary = try TemporarySpool()
            let notices = Mutex<[String]>([])
            var spool = try temporary.open(notice: { notice in notices.withLock { $0.append(notice) } })
            let bad = try await spool.accept("bad")
            try await spool.flush()
            try await spool.index.pool.write { try $0.execute(sql: sql) }
            let good = try await spool.accept("good")
            #expect(try await everyoneDue(spool, temporary) == [good])
            #expect(notices.withLock { $0 } == ["message \(bad) is held, a row of the index cannot be read"])
            #expect(try await spool.count().recipients == [.held: 1, .pending: 1])
            #expect(try await spool.list(limit: 10).filter { !$0.recipients.isEmpty }.map(\.id) == [good])
            #expect(notices.withLock { $0.last } == "message \(bad): a row of the index cannot be read")
            spool.close()

            spool = try temporary.open()
            #expect(try await everyoneDue(spool, temporary) == [good])
            try await spool.record(good, .delivered)
            spool.close()
        }
    }

    @Test func anIndexWithDamagedPagesIsBuiltFromTheLog() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let id = try await spool.accept("one")
        spool.close()
        try damagePages(of: temporary.folder.index)

        let again = try temporary.open()
        defer { again.close() }
        #expect(again.recovery.isIndexRebuilt)
        #expect(try await everyoneDue(again, temporary) == [id])
        #expect(try temporary.folder.names(in: temporary.folder.damaged).contains { $0.hasSuffix(".sqlite") })
    }

    @Test func anIndexFoundDamagedWhileTheSpoolRunsIsRebuiltByTheNextStart() async throws {
        let temporary = try TemporarySpool()
        let failures = Mutex(0)
        let spool = try temporary.open(onFailure: { _ in failures.withLock { $0 += 1 } })
        let id = try await spool.accept("one")
        try await spool.flush()
        try await spool.onIndexThread { _ = $0.failed(DatabaseError(resultCode: .SQLITE_CORRUPT)) }
        #expect(failures.withLock { $0 } == 1)
        #expect(throws: SinkError.stopped) { try spool.open() }
        spool.close()

        for isRebuilt in [true, false] {
            let again = try temporary.open()
            #expect(again.recovery.isIndexRebuilt == isRebuilt)
            #expect(try await everyoneDue(again, temporary) == [id])
            again.close()
        }
    }

    @Test func aSpoolWhoseIndexFindsTheDiskFullCanBeClosed() async throws {
        let temporary = try TemporarySpool()
        let notices = Mutex(0)
        let (full, isFull) = AsyncStream.makeStream(of: Void.self)
        let spool = try temporary.open(notice: { notice in
            if notice.contains("full") { notices.withLock { $0 += 1 } }
            isFull.yield()
        })
        try await spool.index.pool.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        var envelope = try Envelope.sample()
        envelope.recipients = try (0..<2_000).map { EnvelopeRecipient(try EmailAddress("user\($0)@example.net")) }
        let id = try await spool.accept(ByteBuffer(string: "one"), envelope, isIndexed: false)
        let recorded = Task { try await spool.record(id, .delivered) }
        for await _ in full { break }
        spool.close()
        await #expect(throws: SpoolError.stopped) { try await recorded.value }
        #expect(notices.withLock { $0 } == 1)

        let again = try temporary.open()
        defer { again.close() }
        #expect(try await everyoneDue(again, temporary) == [id])
    }

    /// Overwrites all pages but the first.
    private func damagePages(of path: String) throws {
        var index = try TemporarySpool.read(path)
        try #require(index.readableBytes > 4_096)
        index.setRepeatingByte(0xA5, count: index.readableBytes - 4_096, at: 4_096)
        try TemporarySpool.write(index, to: path)
    }
}
