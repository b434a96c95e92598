import GRDB
import MailCore
import NIOCore
import QueueCore
import Synchronization
import Testing

@testable import MailSpool

@Suite struct GroupCommitTests {
    @Test func whoeverWaitsForTheDiskSharesOneSync() async throws {
        let temporary = try TemporarySpool()
        let calls = FaultyFileCalls()
        let spool = try temporary.open(calls: calls)
        defer { spool.close() }
        let gate = Gate()
        let firstSync = Gate()
        calls.set {
            $0.beforeSync = {
                firstSync.open()
                gate.wait()
            }
        }
        let envelope = try Envelope.sample(to: "bob@example.net")
        let durable = Mutex<[Result<Void, SinkError>]>([])
        let (answers, answer) = AsyncStream.makeStream(of: Void.self)

        for number in 0..<50 {
            let message = try await spool.begin(ByteBuffer(string: "\(number)"))
            message.commit(envelope, prefix: ByteBuffer()) { result in
                durable.withLock { $0.append(result) }
                answer.yield()
            }
            if number == 0 { firstSync.wait() }
        }
        // All are handed in, and none is answered before its sync.
        #expect(durable.withLock { $0.isEmpty })
        gate.open()
        var iterator = answers.makeAsyncIterator()
        for _ in 0..<50 { await iterator.next() }
        #expect(durable.withLock { $0.allSatisfy { (try? $0.get()) != nil } })
        #expect(calls.syncs == 2)
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 100).count == 50)
    }

    @Test func aDurableMessageIsHandedOverWithItsBody() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let (arrivals, arrived) = AsyncStream.makeStream(of: QueuedMessage.self)
        spool.onArrival { messages in
            for message in messages { arrived.yield(message) }
            return messages.count
        }
        let id = try await spool.accept("hello")
        var iterator = arrivals.makeAsyncIterator()
        let message = try #require(await iterator.next())
        #expect(message.id == id)
        #expect(message.content.body == .memory(ByteBuffer(string: "hello")))
        #expect(try message.content.text() == "Received: here\r\nhello")
        #expect(message.recipients.map(\.recipient.address.description) == ["bob@example.net"])
        // It is in flight until its outcome is recorded.
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).isEmpty)
        let later = temporary.clock.now + .seconds(60)
        try await spool.record(id, .deferred, retryAt: later)
        #expect(try await spool.claim(dueBy: later, limit: 10).map(\.id) == [id])
    }

    @Test func whatTheReceiverDoesNotTakeIsGivenOutLater() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let (refused, refusing) = AsyncStream.makeStream(of: Void.self)
        spool.onArrival { _ in
            refusing.yield()
            return 0
        }
        let id = try await spool.accept("hello")
        var iterator = refused.makeAsyncIterator()
        await iterator.next()
        // The log's thread is past the receiver when it answers another message.
        let next = try await spool.accept("next")
        let claimed = try await spool.claim(dueBy: temporary.clock.now, limit: 10)
        #expect(claimed.map(\.id).contains(id))
        #expect(next > id)
    }

    @Test func aMessageDeliveredAtOnceNeverGetsARow() async throws {
        let temporary = try TemporarySpool()
        var settings = TemporarySpool.settings
        // Arrival and outcome meet in one batch: the second of the two fills it.
        settings.indexGatherTime = 600_000
        settings.indexGatherCount = 2
        let spool = try temporary.open(settings)
        defer { spool.close() }
        let (arrivals, arrived) = AsyncStream.makeStream(of: QueueID.self)
        spool.onArrival { messages in
            for message in messages { arrived.yield(message.id) }
            return messages.count
        }
        try await spool.accept("hello", isIndexed: false)
        var iterator = arrivals.makeAsyncIterator()
        let id = try #require(await iterator.next())
        let before = try await spool.index.pool.writeWithoutTransaction { $0.totalChangesCount }
        try await spool.record(id, .delivered)
        let after = try await spool.index.pool.writeWithoutTransaction { $0.totalChangesCount }
        // Only the position in the log was written.
        #expect(after - before == 1)
        #expect(try await spool.count() == QueueCounts())
    }

    @Test func whoIsDueBeyondTheHorizonIsPulledIn() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let (near, far) = (try await spool.accept("near"), try await spool.accept("far"))
        let now = temporary.clock.now
        #expect(try await spool.claim(dueBy: now, limit: 10).count == 2)
        try await spool.record(near, .deferred, retryAt: now + .seconds(60))
        try await spool.record(far, .deferred, retryAt: now + .seconds(7_201))
        #expect(try await spool.pullIn(dueAfter: now + .seconds(7_200), to: now) == 1)
        #expect(try await spool.claim(dueBy: now, limit: 10).map(\.id) == [far])
        #expect(try await spool.nextDue() == now + .seconds(60))
        #expect(try await spool.pullIn(dueAfter: now + .seconds(7_200), to: now) == 0)
    }

    @Test func `a message that came in before the clock was set back begins its lifetime then`() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let now = temporary.clock.now
        temporary.clock.now = now + .seconds(86_400)
        let id = try await spool.accept("far")
        #expect(try await spool.show(id)?.arrived == now + .seconds(86_400))
        temporary.clock.now = now
        #expect(try await spool.pullIn(dueAfter: now + .seconds(7_200), to: now) == 1)
        #expect(try await spool.show(id)?.arrived == now)
    }
}
