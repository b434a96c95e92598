import GRDB
import Glibc
import MailCore
import NIOCore
import QueueCore
import Testing

@testable import MailSpool

/// What a check finds, and that what it finds stops nothing else.
@Suite struct CheckTests {
    private let temporary: TemporarySpool
    private let spool: Spool
    private let large = ByteBuffer(repeating: UInt8(ascii: "x"), count: 300 * 1_024)

    init() throws {
        temporary = try TemporarySpool()
        spool = try temporary.open()
    }

    private func place(of id: QueueID) async throws -> LogPlace {
        try #require(try await spool.index.pool.read { db in try QueueIndex.message(id, db) }).place
    }

    /// Changes one octet of a file.
    private func damage(_ path: String, at offset: UInt64) throws {
        let file = try OpenFile(path, flags: O_RDWR)
        let octet = try file.read(1, at: offset)
        let value = try #require(octet.getInteger(at: 0, as: UInt8.self))
        try SystemFileCalls().write(ByteBuffer(integer: value ^ 1), to: file, at: offset)
    }

    private func execute(_ sql: String) async throws {
        try await spool.index.pool.write { db in try db.execute(sql: sql) }
    }

    private func claimed() async throws -> [QueueID] {
        try await spool.claim(dueBy: temporary.clock.now, limit: 10).map(\.id)
    }

    @Test func nothingIsWrongWithASoundSpool() async throws {
        defer { spool.close() }
        try await spool.accept("one")
        try await spool.accept(large, .sample(to: "bob@example.net"))
        let gone = try await spool.accept("three")
        try await spool.record(gone, .delivered)
        let report = try await spool.check()
        #expect(report.findings == [])
        #expect(report.messages == 2)
        let prefixes = 2 * "Received: here\r\n".utf8.count
        #expect(report.octets == UInt64(3 + large.readableBytes + prefixes))
    }

    @Test(arguments: [10, 60, 200]) func aDamagedRecordIsHeldAndCopiedAside(_ offset: UInt64) async throws {
        defer { spool.close() }
        let body = String(repeating: "damage me\r\n", count: 20)
        let id = try await spool.accept(body)
        let sound = try await spool.accept("sound")
        let place = try await place(of: id)
        try damage(try #require(spool.catalogue.path(of: place.segment)), at: place.offset + offset)
        let report = try await spool.check()
        #expect(report.messages == 1)
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.id == id)
        let copy = try TemporarySpool.read(try #require(finding.setAside.first))
        #expect(offset == 200 || String(buffer: copy).hasSuffix(body))
        #expect(try await spool.show(id)?.recipients.map(\.state) == [.held])
        #expect(try await claimed() == [sound])
    }

    @Test(arguments: ["removed", "shortened", "changed"])
    func aDamagedFileOfABodyIsHeld(_ damage: String) async throws {
        defer { spool.close() }
        let id = try await spool.accept(large, .sample(to: "bob@example.net"))
        let path = temporary.folder.body(of: id)
        switch damage {
        case "removed": unlink(path)
        case "shortened": truncate(path, 1_000)
        default: try self.damage(path, at: 200_000)
        }
        let finding = try #require(try await spool.check().findings.first)
        #expect(finding.id == id)
        #expect(finding.setAside.count == (damage == "removed" ? 1 : 2))
        #expect(try await spool.show(id)?.recipients.map(\.state) == [.held])
    }

    @Test func whatIsUnderWayIsToldButNotHeld() async throws {
        defer { spool.close() }
        let id = try await spool.accept(large, .sample(to: "bob@example.net"))
        #expect(try await claimed() == [id])
        unlink(temporary.folder.body(of: id))
        #expect(try await spool.check().findings.first?.text.hasSuffix("an attempt is under way") == true)
        #expect(try await spool.show(id)?.recipients.map(\.state) == [.pending])
    }

    @Test(arguments: [
        "UPDATE recipient SET address = 'nobody at all'", "UPDATE message SET body_type = 77",
        "UPDATE message SET reverse_path = 'a b@c d'", "UPDATE recipient SET due = 0, reverse_path = '@'",
        "DELETE FROM message",
    ])
    func rowsThatCannotBeReadStopNeitherDeliveryNorLists(_ sql: String) async throws {
        defer { spool.close() }
        let id = try await spool.accept("damaged")
        let key = sql.contains("recipient") ? "message" : "id"
        try await spool.flush()
        try await execute("\(sql) WHERE \(key) = \(id.rawValue)")
        let sound = try await spool.accept("sound")
        #expect(try await claimed() == [sound])
        #expect(try await spool.nextDue() == nil, "it is held, so that nobody asks for it again and again")
        #expect(try await spool.list(limit: 10).filter { !$0.recipients.isEmpty }.map(\.id) == [sound])
        #expect(try await spool.change(.delete, QueueFilter(), limit: 10).map(\.id) == [sound])
        let findings = try await spool.check().findings
        #expect(findings.contains { $0.id == id })
    }

    @Test func whatIsNotOfTheSpoolIsSetAside() async throws {
        defer { spool.close() }
        try TemporarySpool.write(ByteBuffer(string: "notes"), to: "\(temporary.folder.log)/notes.txt")
        try TemporarySpool.write(ByteBuffer(string: "notes"), to: "\(temporary.folder.bodies)/-")
        let findings = try await spool.check().findings
        #expect(findings.count == 2)
        for file in findings.flatMap(\.setAside) {
            #expect(try TemporarySpool.read(file) == ByteBuffer(string: "notes"))
        }
        #expect(try await spool.check().findings == [])
    }

    @Test func aBodyThatIsComingInIsNothingWrong() async throws {
        defer { spool.close() }
        let message = try await spool.begin(large)
        #expect(try await spool.check().findings == [])
        message.discard()
    }

    @Test func whatTheStartSetAsideIsToldToo() async throws {
        let id = try await spool.accept("one")
        try await spool.flush()
        let place = try await place(of: id)
        try await spool.accept("two")
        try await spool.flush()
        let segment = try #require(spool.catalogue.path(of: place.segment))
        spool.close()
        unlink(temporary.folder.index)
        try damage(segment, at: place.offset + 60)
        let again = try temporary.open()
        defer { again.close() }
        let report = try await again.check()
        #expect(report.findings.map(\.setAside) == again.recovery.setAside.map { [$0] })
        #expect(report.findings.count == 1)
        #expect(report.messages == 1)
    }
}
