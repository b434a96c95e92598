import Glibc
import MailCore
import NIOCore
import QueueCore
import Synchronization
import Testing

@testable import MailSpool

@Suite struct FailureTests {
    @Test func afterAFailedSyncNothingIsTakenAnyMore() async throws {
        let temporary = try TemporarySpool()
        let calls = FaultyFileCalls()
        let failures = Mutex<[SpoolError]>([])
        let spool = try temporary.open(
            calls: calls, onFailure: { error in failures.withLock { $0.append(error) } })
        let before = try await spool.accept("before")
        calls.set { $0.syncFailure = EIO }
        await #expect(throws: SinkError.stopped) { try await spool.accept("refused") }
        // The next sync would succeed; it is not asked.
        calls.set { $0.syncFailure = nil }
        let syncs = calls.syncs
        #expect(throws: SinkError.stopped) { try spool.open() }
        #expect(calls.syncs == syncs)
        #expect(failures.withLock { $0.count } == 1)
        spool.close()

        let again = try temporary.open()
        defer { again.close() }
        let ids = try await again.claim(dueBy: temporary.clock.now, limit: 10).map(\.id)
        #expect(ids.contains(before))
    }

    @Test func aMessageUnderWayIsRefusedAfterAFailedSync() async throws {
        let temporary = try TemporarySpool()
        let calls = FaultyFileCalls()
        let spool = try temporary.open(calls: calls)
        defer { spool.close() }
        let waiting = try await spool.begin(ByteBuffer(string: "waiting"))
        calls.set { $0.syncFailure = EIO }
        await #expect(throws: SinkError.stopped) { try await spool.accept("refused") }
        calls.set { $0.syncFailure = nil }
        await #expect(throws: SinkError.stopped) { try await waiting.commit(.sample(to: "bob@example.net")) }
    }

    @Test func aFullDiskRefusesMessagesUntilThereIsRoom() async throws {
        let temporary = try TemporarySpool()
        let calls = FaultyFileCalls()
        let spool = try temporary.open(calls: calls)
        let first = try await spool.accept("first")
        calls.set { $0.writeFailure = ENOSPC }
        await #expect(throws: SinkError.full) { try await spool.accept(String(repeating: "refused ", count: 500)) }
        calls.set { $0.writeFailure = nil }
        let second = try await spool.accept("second")
        let image = try temporary.crashImage()
        spool.close()

        for place in [temporary, image] {
            let again = try place.open()
            let ids = try await again.claim(dueBy: temporary.clock.now, limit: 10).map(\.id)
            #expect(ids == [first, second])
            #expect(again.recovery.setAside.isEmpty)
            again.close()
        }
    }

    @Test func aDiskWithoutReserveTakesNoMessage() async throws {
        let temporary = try TemporarySpool()
        let calls = FaultyFileCalls()
        var settings = TemporarySpool.settings
        settings.diskReserve = 1_000
        settings.inodeReserve = 10
        let spool = try temporary.open(settings, calls: calls)
        defer { spool.close() }
        let disks: [(UInt64, UInt64, Bool)] = [(999, 10, false), (1_000, 9, false), (1_000, 10, true)]
        for (octets, inodes, hasRoom) in disks {
            calls.set { $0.free = FreeSpace(octets: octets, inodes: inodes) }
            temporary.clock.now = temporary.clock.now + .seconds(1)
            if hasRoom {
                _ = try spool.open()
            } else {
                #expect(throws: SinkError.full) { try spool.open() }
            }
        }
    }

    @Test func aSpoolInUseIsRefusedByItsOwnersNumber() throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        #expect(throws: SpoolError.locked(processID: getpid())) { try temporary.open() }
        spool.close()
        try temporary.open().close()
    }

    @Test func aClosedSpoolTakesNothing() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let message = try await spool.begin(ByteBuffer(string: "late"))
        spool.close()
        #expect(throws: SinkError.stopped) { try spool.open() }
        await #expect(throws: SinkError.stopped) { try await message.commit(.sample(to: "bob@example.net")) }
        await #expect(throws: SpoolError.stopped) { try await spool.nextDue() }
    }
}
