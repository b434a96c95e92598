public import MailCore

/// When a deferred recipient is tried again, and when it is given up (RFC 5321 §4.5.4.1).
public struct RetryPolicy: Hashable, Sendable {
    /// The pause after the first attempt.
    public var firstPause: Duration
    /// The longest pause.
    public var longestPause: Duration
    /// How long after its arrival a message is tried at all.
    public var lifetime: Duration
    /// How long after its arrival the sender of a message that still waits is told so.
    public var reportDelayAfter: Duration

    public init(
        firstPause: Duration = .seconds(5 * 60), longestPause: Duration = .seconds(4 * 3_600),
        lifetime: Duration = .seconds(5 * 86_400), reportDelayAfter: Duration = .seconds(4 * 3_600)
    ) {
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.lifetime = lifetime
        self.reportDelayAfter = reportDelayAfter
    }

    /// When a recipient that still waits is worth a report to the sender; nil if its life ends before.
    public func delayReportDue(arrived: Timestamp) -> Timestamp? {
        reportDelayAfter < lifetime ? arrived + reportDelayAfter : nil
    }

    /// The time of the next attempt, or nil if the message's life ends before it.
    ///
    /// Pauses double from attempt to attempt and are drawn from 80 to 120 percent, so that what failed together does not
    /// come back together.
    ///
    /// - Parameters:
    ///   - attempts: how many attempts were made, this one included.
    ///   - earliest: before which no attempt makes sense.
    public func nextAttempt(
        afterAttempts attempts: Int, at now: Timestamp, arrived: Timestamp, notBefore earliest: Timestamp? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> Timestamp? {
        let doublings = min(max(attempts - 1, 0), 30)
        let pause = min(firstPause * (1 << doublings), longestPause)
        let jittered = pause * Int.random(in: 80...120, using: &generator) / 100
        let next = max(now + jittered, earliest ?? now)
        return next < arrived + lifetime ? next : nil
    }
}
