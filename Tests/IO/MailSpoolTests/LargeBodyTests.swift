import Glibc
import MailCore
import NIOCore
import QueueCore
import Testing

@testable import MailSpool

@Suite struct LargeBodyTests {
    private func bodies(_ temporary: TemporarySpool) throws -> [String] {
        try temporary.folder.names(in: temporary.folder.bodies)
    }

    @Test func aBodyThatOutgrowsMemoryGoesToAFileOfItsOwn() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        var body = ByteBuffer()
        for number in 0..<100_000 { body.writeString("line \(number)\r\n") }
        let id = try await spool.accept(body, .sample(to: "bob@example.net"))
        #expect(try bodies(temporary) == [id.description])
        #expect(spool.door.budget.octets == 0)

        let message = try #require(try await spool.claim(dueBy: temporary.clock.now, limit: 1).first)
        guard case .file = message.content.body else {
            Issue.record("the body is in memory")
            return
        }
        #expect(try message.content.text() == "Received: here\r\n" + String(buffer: body))
        try await spool.record(id, .delivered)
        #expect(try bodies(temporary).isEmpty)
    }

    @Test func aBodyThatTheDiskHasChangedIsHeldAndNotGivenOut() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let sound = try await spool.accept("sound")
        let small = try await spool.accept("small")
        let large = try await spool.accept(ByteBuffer(repeating: 120, count: 300_000), .sample(to: "bob@example.net"))
        let file = temporary.folder.body(of: large)
        for path in [file, try #require(try temporary.segments().first)] {
            var content = try TemporarySpool.read(path)
            let position =
                path == file ? 150_000 : try #require(content.readableBytesView.firstRange(of: "small".utf8)).lowerBound
            content.setInteger(UInt8(ascii: "y"), at: position)
            try TemporarySpool.write(content, to: path)
        }
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).map(\.id) == [sound])
        for id in [small, large] {
            let recipient = try #require(try await spool.show(id)?.recipients.first)
            #expect(recipient.state == .held)
            #expect(recipient.last?.diagnostic.contains("checksum") == true)
        }
    }

    @Test func memoryOfOneMessageIsBounded() async throws {
        let temporary = try TemporarySpool()
        var settings = TemporarySpool.settings
        settings.memoryThreshold = 10_000
        let spool = try temporary.open(settings)
        defer { spool.close() }
        let message = try spool.open() as any IncomingMessage
        let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 6_000)
        var most = 0
        for _ in 0..<100 {
            await message.take(piece)
            most = max(most, spool.door.budget.octets)
        }
        #expect(most <= 16_000)
        try await message.commit(.sample(to: "bob@example.net"))
        #expect(spool.door.budget.octets == 0)
        try await spool.flush()
        #expect(try await spool.show(message.queueID)?.size == 600_000)
    }

    @Test func aPieceThatGoesToTheFileSuspendsTheSender() throws {
        let temporary = try TemporarySpool()
        var settings = TemporarySpool.settings
        settings.memoryThreshold = 100
        let spool = try temporary.open(settings)
        let message = try spool.open() as any IncomingMessage
        let resumed = Gate()
        #expect(message.append(ByteBuffer(repeating: 0x78, count: 100)) {} == .ready)
        #expect(message.append(ByteBuffer(repeating: 0x78, count: 1)) { resumed.open() } == .suspended)
        resumed.wait()
        #expect(message.append(ByteBuffer(repeating: 0x78, count: 1)) {} == .ready)
        message.discard()
        spool.close()
    }

    @Test func aboveTheBudgetBodiesGoToFilesEarlier() async throws {
        let temporary = try TemporarySpool()
        var settings = TemporarySpool.settings
        settings.memoryThreshold = 8_000
        settings.memoryBudget = 12_000
        let spool = try temporary.open(settings)
        defer { spool.close() }
        var others: [any IncomingMessage] = []
        for _ in 0..<2 { others.append(try await spool.begin(ByteBuffer(repeating: 0x78, count: 6_000))) }
        #expect(try bodies(temporary).isEmpty)
        _ = try await spool.accept(ByteBuffer(repeating: 0x79, count: 2_000), .sample(to: "bob@example.net"))
        #expect(try bodies(temporary).count == 1)
        for other in others { other.discard() }
        _ = try await spool.accept(ByteBuffer(repeating: 0x79, count: 2_000), .sample(to: "bob@example.net"))
        #expect(try bodies(temporary).count == 1)
    }

    @Test func aDiscardedMessageLeavesNothing() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let long = ByteBuffer(repeating: 0x78, count: 500_000)
        let message = try await spool.begin(long)
        #expect(try bodies(temporary).count == 1)
        message.discard()
        // So does one that nobody holds any more.
        _ = try await spool.begin(long)
        try await spool.begin(ByteBuffer(string: "short")).discard()
        let budget = spool.door.budget
        spool.close()
        #expect(try bodies(temporary).isEmpty)
        #expect(budget.octets == 0)
        let again = try temporary.open()
        defer { again.close() }
        #expect(try await again.count() == QueueCounts())
    }

    @Test func aBodyThatCannotBeSyncedStopsTheSpool() async throws {
        let temporary = try TemporarySpool()
        let calls = FaultyFileCalls()
        let spool = try temporary.open(calls: calls)
        defer { spool.close() }
        let other = try await spool.begin(ByteBuffer(string: "other"))
        let message = try await spool.begin(ByteBuffer(repeating: 0x78, count: 200_000))
        calls.set { $0.syncFailure = EIO }
        await #expect(throws: SinkError.stopped) { try await message.commit(.sample(to: "bob@example.net")) }
        calls.set { $0.syncFailure = nil }
        await #expect(throws: SinkError.stopped) { try await other.commit(.sample(to: "bob@example.net")) }
        #expect(throws: SinkError.stopped) { try spool.open() }
    }

    @Test(arguments: [ENOSPC, EIO]) func aBodyThatCannotBeWrittenIsRefused(_ code: Int32) async throws {
        let temporary = try TemporarySpool()
        let calls = FaultyFileCalls()
        let spool = try temporary.open(calls: calls)
        let message = try spool.open() as any IncomingMessage
        await message.take(ByteBuffer(repeating: 0x78, count: 200_000))
        calls.set { $0.writeFailure = code }
        await message.take(ByteBuffer(repeating: 0x78, count: 200_000))
        calls.set { $0.writeFailure = nil }
        do {
            try await message.commit(.sample(to: "bob@example.net"))
            Issue.record("the message was taken")
        } catch let error as SinkError {
            #expect(code != ENOSPC || error == .full)
        }
        // The others go on.
        try await spool.accept("next")
        spool.close()
        #expect(try bodies(temporary).isEmpty)
    }

    @Test func whatCameIsReadBackBeforeItIsCommitted() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        for length in [0, 1_000, 250_000] {
            let body = ByteBuffer(bytes: (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            let message = try await spool.begin(body)
            var read = ByteBuffer()
            while true {
                let piece = try await withCheckedContinuation { done in
                    message.read(70_000, from: UInt64(read.readableBytes)) { done.resume(returning: $0) }
                }.get()
                if piece.readableBytes == 0 { break }
                #expect(piece.readableBytes <= 70_000)
                read.writeImmutableBuffer(piece)
            }
            #expect(read == body)
            message.discard()
        }
    }
}
