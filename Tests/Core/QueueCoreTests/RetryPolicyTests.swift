import MailCore
import QueueCore
import Testing

/// When a deferred recipient is tried again (RFC 5321 §4.5.4.1).
struct RetryPolicyTests {
    private let policy = RetryPolicy(
        firstPause: .seconds(300), longestPause: .seconds(14_400), lifetime: .seconds(432_000))
    private let arrived = Timestamp(microseconds: 1_795_291_200_000_000)

    /// Draws the same number for ever: 1 gives the shortest pause, all bits set the longest.
    private struct Constant: RandomNumberGenerator {
        let value: UInt64
        mutating func next() -> UInt64 { value }
    }

    private func pause(after attempts: Int, drawing value: UInt64) throws -> Duration {
        var generator = Constant(value: value)
        let next = policy.nextAttempt(afterAttempts: attempts, at: arrived, arrived: arrived, using: &generator)
        return try #require(next) - arrived
    }

    @Test func `pauses double up to the longest one`() throws {
        let shortest = try (1...9).map { try pause(after: $0, drawing: 1) }
        #expect(
            shortest == [300, 600, 1_200, 2_400, 4_800, 9_600, 14_400, 14_400, 14_400].map { .seconds($0) * 80 / 100 })
    }

    @Test func `each pause is drawn from 80 to 120 percent`() throws {
        #expect(try pause(after: 1, drawing: 1) == .seconds(240))
        #expect(try pause(after: 1, drawing: .max) == .seconds(360))
        var generator = SystemRandomNumberGenerator()
        let drawn = Set(
            (0..<200).compactMap { _ in
                policy.nextAttempt(afterAttempts: 1, at: arrived, arrived: arrived, using: &generator)
            })
        #expect(drawn.count > 10, "what failed together does not come back together")
    }

    @Test func `no number of attempts is too large`() throws {
        #expect(try pause(after: .max, drawing: 1) == .seconds(14_400) * 80 / 100)
        #expect(try pause(after: 0, drawing: 1) == .seconds(240))
    }

    @Test func `there is no attempt after the message's lifetime`() {
        var generator = Constant(value: 1)
        let end = arrived + policy.lifetime
        func next(at time: Timestamp) -> Timestamp? {
            policy.nextAttempt(afterAttempts: 1, at: time, arrived: arrived, using: &generator)
        }
        #expect(next(at: end + .seconds(-241)) == end + .seconds(-1))
        #expect(next(at: end + .seconds(-240)) == nil)
        #expect(next(at: end + .seconds(1)) == nil)
    }

    @Test func `a message that nobody takes is tried for five days, some forty times`() {
        var generator = SystemRandomNumberGenerator()
        var (now, attempts) = (arrived, 1)
        while let next = policy.nextAttempt(afterAttempts: attempts, at: now, arrived: arrived, using: &generator) {
            (now, attempts) = (next, attempts + 1)
        }
        #expect((25...55).contains(attempts))
        #expect(now - arrived > .seconds(4 * 86_400))
    }

    @Test func `what is not tried is looked at again when it may be, and lives as long as anything`() {
        var generator = Constant(value: 1)
        var policy = policy
        policy.reportDelayAfter = policy.lifetime
        let end = arrived + policy.lifetime
        func next(at now: Timestamp, notBefore earliest: Timestamp) -> Timestamp? {
            policy.nextLook(afterAttempts: 0, at: now, arrived: arrived, notBefore: earliest, using: &generator)
        }
        #expect(next(at: arrived, notBefore: arrived + .seconds(1)) == arrived + .seconds(240))
        #expect(next(at: arrived, notBefore: arrived + .seconds(1_800)) == arrived + .seconds(1_800))
        #expect(next(at: arrived, notBefore: end + .seconds(1)) == end)
        #expect(next(at: end + .seconds(-1), notBefore: arrived) == end)
        #expect(next(at: end, notBefore: end) == nil)
    }

    @Test func `no pause passes the time at which the sender is to hear of the delay`() {
        var generator = Constant(value: 1)
        let report = arrived + policy.reportDelayAfter
        func next(at now: Timestamp) -> Timestamp? {
            policy.nextAttempt(afterAttempts: 6, at: now, arrived: arrived, using: &generator)
        }
        #expect(next(at: report + .seconds(-60)) == report)
        #expect(next(at: report) == report + .seconds(9_600) * 80 / 100)
        let look = policy.nextLook(
            afterAttempts: 0, at: arrived, arrived: arrived, notBefore: report + .seconds(60), using: &generator)
        #expect(look == report)
    }

    @Test func `the sender hears of a delay after four hours, if the message lives that long`() {
        var policy = policy
        #expect(policy.delayReportDue(arrived: arrived) == arrived + .seconds(14_400))
        policy.reportDelayAfter = policy.lifetime
        #expect(policy.delayReportDue(arrived: arrived) == nil)
    }
}
