import MailCore
import NIOCore
import QueueCore
import Testing

@testable import MailSpool

@Suite struct SpoolTests {
    @Test func whatIsCommittedIsGivenOutOnceItIsDue() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        var envelope = try Envelope.sample(to: "bob@example.net", "carol@example.net")
        envelope.recipients[1].notify = [.success, .delay]
        envelope.recipients[1].original = OriginalRecipient(addressType: "rfc822", address: "caz@example.com")
        envelope.options = EnvelopeOptions(body: .eightBit, smtputf8: true, return: .headers, envelopeID: "e1")

        let id = try await spool.accept(ByteBuffer(string: "Subject: hi\r\n\r\nhello\r\n"), envelope)

        let claimed = try await spool.claim(dueBy: temporary.clock.now, limit: 10)
        let message = try #require(claimed.first)
        #expect(claimed.count == 1)
        #expect(message.id == id)
        #expect(message.arrived == temporary.clock.now)
        #expect(message.reversePath == envelope.reversePath)
        #expect(message.options == envelope.options)
        #expect(message.recipients.map(\.recipient) == envelope.recipients)
        #expect(message.recipients.map(\.number) == [0, 1])
        #expect(try message.content.text() == "Received: here\r\nSubject: hi\r\n\r\nhello\r\n")
    }

    @Test func whatIsInFlightIsNotGivenOutAgain() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        try await spool.accept("one")
        #expect(try await spool.nextDue() == temporary.clock.now)
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).count == 1)
        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).isEmpty)
        #expect(try await spool.nextDue() == nil)
    }

    @Test func aDeferredRecipientComesBackWhenItIsDueAgain() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        let id = try await spool.accept("one", from: .sample(to: "bob@example.net", "carol@example.net"))
        _ = try await spool.claim(dueBy: temporary.clock.now, limit: 10)
        let later = temporary.clock.now + .seconds(300)
        try await spool.record(id, .deferred, number: 1, retryAt: later)
        try await spool.record(id, .delivered, number: 0)

        #expect(try await spool.claim(dueBy: temporary.clock.now, limit: 10).isEmpty)
        #expect(try await spool.nextDue() == later)
        let again = try #require(try await spool.claim(dueBy: later, limit: 10).first)
        #expect(again.recipients.map(\.number) == [1])
        #expect(again.recipients.map(\.attempts) == [1])
    }

    @Test func theLongestDueComesFirstAndNoMoreThanWanted() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        var ids: [QueueID] = []
        for number in 0..<5 {
            temporary.clock.now = temporary.clock.now + .seconds(1)
            ids.append(try await spool.accept("\(number)"))
        }
        let claimed = try await spool.claim(dueBy: temporary.clock.now, limit: 2)
        #expect(claimed.map(\.id) == Array(ids.prefix(2)))
    }

    @Test func anExpandedRecipientIsReplacedByOthers() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        var envelope = try Envelope.sample(to: "list@example.net")
        envelope.recipients[0].notify = .never
        let id = try await spool.accept(ByteBuffer(string: "one"), envelope)
        _ = try await spool.claim(dueBy: temporary.clock.now, limit: 1)
        let owner = ReversePath.mailbox(try EmailAddress("owner@example.net"))
        try await spool.record(
            id,
            Outcome(
                .expanded(into: [
                    ExpandedRecipient(try EmailAddress("dan@example.net"), reversePath: owner),
                    ExpandedRecipient(try EmailAddress("eve@example.net")),
                ]), status: EnhancedStatusCode(.success, 0, 0), diagnostic: "list"))

        let message = try #require(try await spool.claim(dueBy: temporary.clock.now, limit: 1).first)
        #expect(message.recipients.map(\.number) == [1, 2])
        #expect(message.recipients.map(\.recipient.address.description) == ["dan@example.net", "eve@example.net"])
        #expect(message.recipients.map(\.recipient.notify) == [nil, .never])
        #expect(message.recipients.map(\.depth) == [1, 1])
        #expect(message.recipients.map(\.reversePath) == [owner, nil])
    }

    @Test func aFinishedMessageIsGoneForGood() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let id = try await spool.accept("one")
        _ = try await spool.claim(dueBy: temporary.clock.now, limit: 1)
        try await spool.record(id, .delivered)
        spool.close()

        let again = try temporary.open()
        defer { again.close() }
        #expect(try await again.nextDue() == nil)
        #expect(again.recovery.reindexed == 0)
        // All segments but the one being written are gone.
        #expect(try temporary.segments().count == 1)
    }

    @Test func delaysOfTheClockGiveNoQueueIDTwice() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let first = try await spool.accept("one")
        _ = try await spool.claim(dueBy: temporary.clock.now, limit: 1)
        try await spool.record(first, .delivered)
        temporary.clock.now = Timestamp(microseconds: 1_000)
        let second = try await spool.accept("two")
        #expect(second > first)
        spool.close()

        let again = try temporary.open()
        defer { again.close() }
        #expect(try await again.accept("three") > second)
    }
}
