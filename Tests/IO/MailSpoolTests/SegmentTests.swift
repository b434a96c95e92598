import MailCore
import NIOCore
import QueueCore
import Testing

@testable import MailSpool

@Suite struct SegmentTests {
    private static var settings: SpoolSettings {
        var settings = TemporarySpool.settings
        settings.segmentSize = 50_000
        settings.preallocation = 4_096
        return settings
    }

    private let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 9_900)

    /// Fills `count` segments with five messages each.
    private func fill(_ count: Int, _ spool: Spool) async throws -> [QueueID] {
        var ids: [QueueID] = []
        for _ in 0..<(5 * count) { ids.append(try await spool.accept(body, .sample(to: "bob@example.net"))) }
        return ids
    }

    @Test func aSegmentInWhichNothingLivesIsDeleted() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open(Self.settings)
        defer { spool.close() }
        let ids = try await fill(3, spool)
        try await spool.accept("last")
        #expect(try temporary.segments().count == 4)
        for id in ids[5..<10] { try await spool.record(id, .delivered) }
        #expect(try temporary.segments().map { $0.contains("000000000002-") }.contains(true) == false)
        #expect(try temporary.segments().count == 3)
        let left = try await spool.claim(dueBy: temporary.clock.now, limit: 100)
        #expect(left.count == 11)
    }

    @Test func whatLivesLongIsCopiedForward() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open(Self.settings)
        let ids = try await fill(6, spool)
        // One of each segment is left, which is a fifth.
        for (index, id) in ids.enumerated() where index % 5 != 0 { try await spool.record(id, .delivered) }
        try await spool.accept("last")
        var rounds = 0
        while try temporary.segments().count > 3, rounds < 100 {
            // Copies come back through the log; each batch of the index looks again.
            try await spool.record(try await spool.accept("passing"), .delivered)
            rounds += 1
        }
        #expect(try temporary.segments().count <= 3)
        let image = try temporary.crashImage()
        spool.close()

        for place in [temporary, image] {
            let again = try place.open(Self.settings)
            let left = try await again.claim(dueBy: temporary.clock.now, limit: 100)
            #expect(left.map(\.id).prefix(6) == [ids[0], ids[5], ids[10], ids[15], ids[20], ids[25]])
            #expect(left.count == 7)
            #expect(try left[0].content.text() == "Received: here\r\n" + String(buffer: body))
            again.close()
        }
    }

    @Test func aCopyThatTheIndexMissedIsFoundAgain() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open(Self.settings)
        let id = try await spool.accept("moved")
        let finished = try await spool.accept("finished")
        try await spool.record(finished, .delivered)
        let crashed = try temporary.crashImage()
        // The copies reach the log, and the process ends before the index hears of them.
        var checksum = Checksum()
        checksum.add(ByteBuffer(string: "moved"))
        for message in [id, finished] {
            spool.door.log.add(
                try PendingRecord(
                    id: message, arrived: temporary.clock.now, envelope: .sample(to: "bob@example.net"),
                    prefix: ByteBuffer(string: "Received: copy\r\n"), body: .memory(ByteBuffer(string: "moved")),
                    bodyChecksum: checksum.value, isCopy: true, completion: { _ in }))
        }
        spool.close()
        for (source, target) in zip(try temporary.segments(), try crashed.segments()) {
            try TemporarySpool.write(try TemporarySpool.read(source), to: target)
        }

        let again = try crashed.open(Self.settings)
        defer { again.close() }
        let left = try await again.claim(dueBy: temporary.clock.now, limit: 100)
        #expect(left.map(\.id) == [id])
        #expect(try left.first?.content.text() == "Received: copy\r\nmoved")
    }
}
