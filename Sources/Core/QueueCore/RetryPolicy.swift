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

    /// More than anybody is told to wait, a rest of a destination included. Who is due later than that was told so before
    /// the clock was set back.
    public var horizon: Duration { max(longestPause * 2, .seconds(2 * 3_600)) }

    /// When a recipient that still waits is worth a report to the sender; nil if its life ends before.
    public func delayReportDue(arrived: Timestamp) -> Timestamp? {
        reportDelayAfter < lifetime ? arrived + reportDelayAfter : nil
    }

    /// The time of the next attempt, or nil if the message's life ends before it.
    ///
    /// Pauses double from attempt to attempt and are drawn from 80 to 120 percent, so that what failed together does not
    /// come back together. One that would pass the time of the delay report ends then.
    ///
    /// - Parameter attempts: how many attempts were made, this one included.
    public func nextAttempt(
        afterAttempts attempts: Int, at now: Timestamp, arrived: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Timestamp? {
        let next = now + pause(afterAttempts: attempts, using: &generator)
        return next < arrived + lifetime ? notPassingReport(next, at: now, arrived: arrived) : nil
    }

    /// When a recipient that could not be tried now is looked at again: at the end of its life at the latest, and nil
    /// only then.
    ///
    /// - Parameters:
    ///   - attempts: how many attempts were made.
    ///   - earliest: before which no attempt makes sense.
    public func nextLook(
        afterAttempts attempts: Int, at now: Timestamp, arrived: Timestamp, notBefore earliest: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> Timestamp? {
        let end = arrived + lifetime
        guard now < end else { return nil }
        let next = max(now + pause(afterAttempts: attempts, using: &generator), earliest)
        return notPassingReport(min(next, end), at: now, arrived: arrived)
    }

    private func pause(afterAttempts attempts: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(max(attempts - 1, 0), 30)
        let pause = min(firstPause * (1 << doublings), longestPause)
        return pause * Int.random(in: 80...120, using: &generator) / 100
    }

    private func notPassingReport(_ next: Timestamp, at now: Timestamp, arrived: Timestamp) -> Timestamp {
        guard let report = delayReportDue(arrived: arrived), now < report else { return next }
        return min(next, report)
    }
}
