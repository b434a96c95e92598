import MailCore
import QueueCore
import Testing

@testable import MailSpool

/// What lets a store outside of the spool hand each message in once.
@Suite struct OriginTests {
    private func envelope(_ origin: String) throws -> Envelope {
        var envelope = try Envelope.sample(to: "bob@example.net")
        envelope.origin = origin
        return envelope
    }

    @Test func anOriginIsKnownFromTheMomentTheMessageIsDurable() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        try await spool.accept("one", from: envelope("first"))
        let image = try temporary.crashImage()
        let again = try image.open()
        #expect(try await again.takenOrigins() == ["first"])
        again.close()
    }

    @Test func anOriginOutlivesItsMessage() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        let id = try await spool.accept("one", from: envelope("first"))
        try await spool.record(id, .delivered)
        #expect(try await spool.count().messages == 0)
        spool.close()
        // Two starts: the segment with the record is gone after the first.
        try temporary.open().close()
        let again = try temporary.open()
        #expect(try await again.takenOrigins() == ["first"])
        again.close()
    }

    @Test func aForgottenOriginIsGoneForGood() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        try await spool.accept("one", from: envelope("first"))
        try await spool.accept("two", from: envelope("second"))
        // In one batch with the arrival, or behind it: the same.
        spool.forget(["first"])
        #expect(try await spool.takenOrigins() == ["second"])
        spool.close()
        let again = try temporary.open()
        #expect(try await again.takenOrigins() == ["second"])
        again.close()
    }

    @Test func aMessageFromTheNetworkHasNone() async throws {
        let temporary = try TemporarySpool()
        let spool = try temporary.open()
        defer { spool.close() }
        try await spool.accept("one")
        #expect(try await spool.takenOrigins().isEmpty)
    }
}
