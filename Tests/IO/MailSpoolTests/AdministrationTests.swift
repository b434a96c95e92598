import GRDB
import MailCore
import NIOCore
import QueueCore
import Synchronization
import Testing

@testable import MailSpool

/// What a person does to the queue.
@Suite struct AdministrationTests {
    private let temporary: TemporarySpool
    private let spool: Spool

    init() throws {
        temporary = try TemporarySpool()
        spool = try temporary.open()
    }

    private func filter(_ change: (inout QueueFilter) -> Void = { _ in }) -> QueueFilter {
        var filter = QueueFilter()
        change(&filter)
        return filter
    }

    private func states(_ id: QueueID) async throws -> [RecipientState]? {
        try await spool.show(id)?.recipients.map(\.state)
    }

    @Test func aFilterMeansRecipientsNotWholeMessages() async throws {
        defer { spool.close() }
        let id = try await spool.accept("one", from: .sample(to: "bob@example.net", "dan@Example.COM"))
        let hits = try await spool.change(.hold(reason: "look"), filter { $0.domain = "example.com" }, limit: 10)
        #expect(hits.map(\.id) == [id])
        #expect(hits[0].recipients.map(\.address.description) == ["dan@example.com"])
        #expect(try await states(id) == [.pending, .held])
        #expect(try await spool.show(id)?.recipients[1].last?.diagnostic == "look")
        #expect(try await spool.change(.delete, filter { $0.domain = "ample.com" }, limit: 10) == [])
    }

    @Test func whatIsReleasedIsDueNowAndWithoutAReason() async throws {
        defer { spool.close() }
        let id = try await spool.accept("one")
        try await spool.record(id, Outcome(.held, status: EnhancedStatusCode(.success, 0, 0), diagnostic: "look"))
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).isEmpty)
        temporary.clock.now = temporary.clock.now + .seconds(60)
        #expect(try await spool.change(.release, filter(), limit: 10).count == 1)
        #expect(try await spool.show(id)?.recipients[0].last == nil)
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).map(\.id) == [id])
    }

    @Test func whatIsQuarantinedWaitsForAPersonAlsoAfterARestart() async throws {
        var envelope = try Envelope.sample(to: "bob@example.net")
        envelope.quarantine = "A virus"
        let arrived = Mutex<[QueueID]>([])
        spool.onArrival { messages in
            arrived.withLock { $0 += messages.map(\.id) }
            return messages.count
        }
        let id = try await spool.accept(ByteBuffer(string: "odd"), envelope)
        let other = try await spool.accept("sound")
        #expect(arrived.withLock(\.self) == [other], "delivery hears nothing of it")
        #expect(try await states(id) == [.held])
        #expect(try await spool.show(id)?.recipients[0].last?.diagnostic == "Quarantined by a filter: A virus")
        spool.close()
        let again = try temporary.open()
        defer { again.close() }
        #expect(try await again.claim(dueBy: temporary.clock.now, limit: 10).map(\.id) == [other])
        #expect(try await again.change(.release, filter(), limit: 10).map(\.id) == [id])
        #expect(try await again.claim(dueBy: temporary.clock.now, limit: 10).map(\.id) == [id])
    }

    @Test func whatIsRetriedIsDueNowButWhatIsHeldStaysHeld() async throws {
        defer { spool.close() }
        let id = try await spool.accept("one")
        let held = try await spool.accept("two")
        try await spool.record(id, .deferred, retryAt: temporary.clock.now + .seconds(3_600))
        try await spool.record(held, Outcome(.held, status: EnhancedStatusCode(.success, 0, 0), diagnostic: "look"))
        #expect(try await spool.change(.retry, filter(), limit: 10).map(\.id) == [id])
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).map(\.id) == [id])
        #expect(try await states(held) == [.held])
    }

    @Test(arguments: [QueueChange.bounce(reason: "no"), .delete])
    func aMessageWhoseLastRecipientIsGivenUpLeavesTheQueue(_ change: QueueChange) async throws {
        defer { spool.close() }
        let large = ByteBuffer(repeating: UInt8(ascii: "x"), count: 300 * 1_024)
        var envelope = try Envelope.sample(to: "bob@example.net", "dan@example.com")
        // Whoever has a sender stays until the sender is told.
        envelope.reversePath = .null
        let id = try await spool.accept(large, envelope)
        _ = try await spool.change(change, filter { $0.recipient = "bob@" }, limit: 10)
        #expect(try await states(id) == [change == .delete ? .deleted : .failed, .pending])
        #expect(try temporary.folder.names(in: temporary.folder.bodies) == ["\(id)"])
        let hits = try await spool.change(change, filter { $0.ids = [id] }, limit: 10)
        #expect(hits.flatMap(\.recipients).map(\.number) == [1], "a finished recipient is not given up again")
        #expect(try await states(id) == nil)
        #expect(try temporary.folder.names(in: temporary.folder.bodies) == [])
    }

    @Test func whatIsUnderWayIsPassedOverAndSaidToBe() async throws {
        defer { spool.close() }
        let id = try await spool.accept("one")
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).count == 1)
        let hits = try await spool.change(.delete, filter(), limit: 10)
        #expect(hits.flatMap(\.recipients).map(\.isInFlight) == [true])
        #expect(try await states(id) == [.pending])
        try await spool.record(id, .deferred, retryAt: temporary.clock.now)
        #expect(try await spool.change(.delete, filter(), limit: 10).flatMap(\.recipients).map(\.isInFlight) == [false])
        #expect(try await states(id) == nil)
    }

    @Test func aRecipientKeepsTheRouteThatAPersonChose() async throws {
        let id = try await spool.accept("one", from: .sample(to: "bob@example.net", "dan@example.com"))
        try await spool.record(id, .deferred, retryAt: temporary.clock.now + .seconds(3_600))
        let route = try RouteAction("smtp://backup.example.org:2525")
        _ = try await spool.change(.reroute(route), filter { $0.recipient = "bob@" }, limit: 10)
        let image = try temporary.crashImage()
        spool.close()
        let after = try image.open()
        defer { after.close() }
        #expect(try await after.show(id)?.recipients.map(\.route) == [route, nil])
        let claimed = try await after.claim(dueBy: temporary.clock.now, limit: 10)
        #expect(claimed.flatMap(\.recipients).map(\.route) == [route, nil], "and is due now")
        try await after.record(id, .deferred, retryAt: temporary.clock.now)
        #expect(try await after.show(id)?.recipients[0].route == route)
        _ = try await after.change(.reroute(nil), filter { $0.recipient = "bob@" }, limit: 10)
        #expect(try await after.show(id)?.recipients.map(\.route) == [nil, nil])
    }

    @Test func whatIsHeldStaysHeldOnItsNewRoute() async throws {
        defer { spool.close() }
        let id = try await spool.accept("one")
        try await spool.record(id, Outcome(.held, status: EnhancedStatusCode(.success, 0, 0), diagnostic: "look"))
        #expect(try await spool.change(.reroute(.mx(port: 25)), filter(), limit: 10).count == 1)
        #expect(try await states(id) == [.held])
        #expect(try await spool.show(id)?.recipients.map(\.attempts) == [0])
    }

    @Test func anIndexOfVersionTwoIsTakenOver() async throws {
        let id = try await spool.accept("one")
        try await spool.flush()
        try await spool.index.pool.writeWithoutTransaction { db in
            try db.execute(sql: "ALTER TABLE recipient DROP COLUMN route; DROP TABLE origin; PRAGMA user_version = 2")
        }
        spool.close()
        let after = try temporary.open()
        defer { after.close() }
        _ = try await after.change(.reroute(.hold), filter(), limit: 10)
        #expect(try await after.show(id)?.recipients.map(\.route) == [.hold])
    }

    @Test func aRehearsalSaysWhatWouldBeHitAndChangesNothing() async throws {
        defer { spool.close() }
        let id = try await spool.accept("one")
        #expect(try await spool.change(.delete, filter(), limit: 10, isRehearsal: true).map(\.id) == [id])
        #expect(try await states(id) == [.pending])
    }

    @Test func messagesAreMeantByTheirAge() async throws {
        defer { spool.close() }
        let old = try await spool.accept("one")
        temporary.clock.now = temporary.clock.now + .seconds(3_600)
        let new = try await spool.accept("two")
        let border = temporary.clock.now + .seconds(-1_800)
        #expect(try await spool.list(filter { $0.arrivedBefore = border }, limit: 10).map(\.id) == [old])
        #expect(try await spool.list(filter { $0.arrivedFrom = border }, limit: 10).map(\.id) == [new])
        #expect(try await spool.change(.retry, filter(), limit: 1).map(\.id) == [old])
    }

    @Test func aChangeIsOnDisk() async throws {
        let id = try await spool.accept("one")
        let gone = try await spool.accept("two")
        _ = try await spool.change(.hold(reason: "look"), filter { $0.ids = [id] }, limit: 10)
        _ = try await spool.change(.delete, filter { $0.ids = [gone] }, limit: 10)
        let image = try temporary.crashImage()
        spool.close()
        let after = try image.open()
        defer { after.close() }
        #expect(try await after.show(id)?.recipients.map(\.state) == [.held])
        #expect(try await after.show(gone) == nil)
    }

    @Test func aMessageIsReadFromItsFirstOctetToItsLast() async throws {
        defer { spool.close() }
        let large = ByteBuffer(repeating: UInt8(ascii: "x"), count: 300 * 1_024)
        for body in [ByteBuffer(string: "one"), large] {
            let id = try await spool.accept(body, .sample(to: "bob@example.net"), prefix: "A: b\r\n")
            var reader = try #require(try await spool.reader(of: id))
            // It has the files open, and needs nothing else.
            _ = try await spool.change(.delete, filter(), limit: 10)
            var read = ByteBuffer()
            while var piece = try reader.next() { read.writeBuffer(&piece) }
            #expect(read.readSlice(length: 6) == ByteBuffer(string: "A: b\r\n"))
            #expect(read == body)
        }
        #expect(try await spool.reader(of: QueueID(rawValue: 1)) == nil)
    }
}
