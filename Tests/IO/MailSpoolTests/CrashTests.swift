import Glibc
import MailCore
import NIOCore
import QueueCore
import Testing

@testable import MailSpool

/// What a stop at any moment leaves, and what the next start makes of it.
@Suite struct CrashTests {
    @Test func whatIsCommittedIsThereAfterACrashAtAnyTime() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        var ids: [QueueID] = []
        for number in 0..<10 {
            ids.append(try await spool.accept("body \(number)", isIndexed: false))
            let image = try temporary.crashImage()
            let again = try image.open()
            let claimed = try await again.claim(dueBy: temporary.clock.now, limit: 100)
            #expect(claimed.map(\.id) == ids)
            #expect(try claimed.last?.content.text() == "Received: here\r\nbody \(number)")
            again.close()
        }
    }

    @Test func aRecordThatWasNotWrittenToItsEndIsCutOff() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let first = try await spool.accept("first", isIndexed: false)
        try await spool.flush()
        let start = spool.indexWriter.end.offset
        try await spool.accept("second", isIndexed: false)
        try await spool.flush()
        let end = spool.indexWriter.end.offset
        spool.close()
        unlink(temporary.folder.index)
        let segment = try #require(try temporary.segments().first)
        let whole = try TemporarySpool.read(segment)

        for length in stride(from: Int(start), to: Int(end), by: 1) {
            let image = try temporary.crashImage()
            var torn = try #require(whole.getSlice(at: 0, length: length))
            // What a sync had not reached reads as zeros.
            torn.writeRepeatingByte(0, count: 200)
            try TemporarySpool.write(torn, to: try #require(try image.segments().first))
            let again = try image.open()
            #expect(again.recovery.setAside.isEmpty == (length == Int(start)))
            #expect(again.recovery.reindexed == 1)
            #expect(try await again.claim(dueBy: temporary.clock.now, limit: 100).map(\.id) == [first])
            again.close()
        }
    }

    @Test func aDamagedRecordIsSetAsideAndStopsNothing() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let first = try await spool.accept("first", isIndexed: false)
        try await spool.flush()
        let start = spool.indexWriter.end.offset
        try await spool.accept("second, which will be damaged", isIndexed: false)
        let third = try await spool.accept("third", isIndexed: false)
        spool.close()
        unlink(temporary.folder.index)
        let segment = try #require(try temporary.segments().first)
        let whole = try TemporarySpool.read(segment)

        for offset in [0, 9, 13, 30, 50, 60, 100] {
            var damaged = whole
            let position = Int(start) + offset
            damaged.setInteger((damaged.getInteger(at: position, as: UInt8.self) ?? 0) ^ 0x41, at: position)
            let image = try temporary.crashImage()
            try TemporarySpool.write(damaged, to: try #require(try image.segments().first))
            let again = try image.open()
            #expect(again.recovery.setAside == ["\(image.path)/damaged/1-\(start).record"])
            #expect(try String(buffer: TemporarySpool.read(again.recovery.setAside[0])).hasSuffix("damaged"))
            #expect(try await again.claim(dueBy: temporary.clock.now, limit: 100).map(\.id) == [first, third])
            again.close()
        }
    }

    @Test func aRecordForgedInABodyIsNoRecord() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        var forged = ByteBuffer()
        let record = try PendingRecord(
            id: QueueID(rawValue: 7), arrived: temporary.clock.now, envelope: .sample(to: "victim@example.net"),
            prefix: ByteBuffer(), body: .memory(ByteBuffer()), bodyChecksum: 0, completion: { _ in })
        // The sender knows all but the mark.
        record.header.encode(mark: 0x0123_4567_89AB_CDEF, into: &forged)
        forged.writeImmutableBuffer(record.head)
        try await spool.accept(forged, .sample(to: "bob@example.net"), isIndexed: false)
        let last = try await spool.accept("last", isIndexed: false)
        spool.close()
        unlink(temporary.folder.index)
        let segment = try #require(try temporary.segments().first)
        var damaged = try TemporarySpool.read(segment)
        damaged.setInteger(UInt8(0xEE), at: 20)
        try TemporarySpool.write(damaged, to: segment)

        let again = try temporary.open()
        defer { again.close() }
        #expect(try await again.claim(dueBy: temporary.clock.now, limit: 100).map(\.id) == [last])
    }

    @Test func aLostIndexIsBuiltFromTheLog() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let long = ByteBuffer(repeating: UInt8(ascii: "x"), count: 300_000)
        let first = try await spool.accept("first", isIndexed: false)
        let second = try await spool.accept(long, .sample(to: "bob@example.net"), isIndexed: false)
        spool.close()
        for replacement in [nil, "this is no database, but long enough to be taken for one, had it the right words"] {
            for suffix in ["", "-wal", "-shm"] { unlink(temporary.folder.index + suffix) }
            if let replacement { try TemporarySpool.write(ByteBuffer(string: replacement), to: temporary.folder.index) }
            let again = try temporary.open()
            #expect(again.recovery.isIndexRebuilt)
            #expect(again.recovery.reindexed == 2)
            let claimed = try await again.claim(dueBy: temporary.clock.now, limit: 100)
            #expect(claimed.map(\.id) == [first, second])
            #expect(try claimed.last?.content.text().utf8.count == 300_016)
            again.close()
        }
    }

    @Test func anIndexBehindTheLogIsCompletedOnce() async throws {
        let temporary = try TemporarySpool()
        var spool = try temporary.open()
        let first = try await spool.accept("first", isIndexed: false)
        spool.close()
        let old = try TemporarySpool.read(temporary.folder.index)
        spool = try temporary.open()
        let second = try await spool.accept("second", isIndexed: false)
        let third = try await spool.accept("third", isIndexed: false)
        spool.close()
        try TemporarySpool.write(old, to: temporary.folder.index)

        for reindexed in [2, 0] {
            let again = try temporary.open()
            #expect(again.recovery.reindexed == reindexed)
            #expect(try await again.claim(dueBy: temporary.clock.now, limit: 100).map(\.id) == [first, second, third])
            again.close()
        }
    }

    @Test func aFinishedMessageIsNotBroughtBackByACrash() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let first = try await spool.accept("first", isIndexed: false)
        let second = try await spool.accept("second", isIndexed: false)
        _ = try await spool.claim(dueBy: temporary.clock.now, limit: 100)
        try await spool.record(first, .delivered)

        let image = try temporary.crashImage()
        let again = try image.open()
        defer { again.close() }
        #expect(try await again.claim(dueBy: temporary.clock.now, limit: 100).map(\.id) == [second])
    }

    @Test func aBodyThatNoRecordNamesIsRemoved() throws {
        let temporary = try TemporarySpool()
        try temporary.open().close()
        let orphan = temporary.folder.body(of: QueueID(rawValue: 99))
        try TemporarySpool.write(ByteBuffer(string: "never committed"), to: orphan)
        let spool = try temporary.open()
        defer { spool.close() }
        #expect(spool.recovery.removedBodies == 1)
        #expect(access(orphan, F_OK) != 0)
    }
}
