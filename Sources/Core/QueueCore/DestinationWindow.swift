import MailCore

/// How many connections there may be to one destination at once, learned from what became of earlier attempts.
struct DestinationWindow: Hashable, Sendable {
    private(set) var size: Int
    /// Changes whenever a rest begins. What was begun before says nothing bad about the time after it.
    private(set) var generation = 0
    /// Rests without an answer between them.
    private var rests = 0
    private var rest: DestinationRest?
    /// When the rest began.
    private var restBegan = Timestamp(microseconds: 0)
    /// Whether somebody answered since the last rest.
    private(set) var hasAnswered = false

    init(_ policy: SchedulingPolicy) {
        size = policy.firstWindow
    }

    /// By how much the times of two threads may be in disorder. Who comes before a rest by more has a clock that was set
    /// back.
    private static let disorder = Duration.seconds(1)

    /// The pause that is not over yet. It ends where the clock is set back behind its begin.
    func rest(at now: Timestamp) -> DestinationRest? {
        guard let rest, now < rest.until, now + Self.disorder >= restBegan else { return nil }
        return rest
    }

    /// Connections that may be in use at once; one when a rest is over and nobody has answered yet.
    func limit(at now: Timestamp) -> Int {
        guard rest != nil else { return size }
        return rest(at: now) == nil ? 1 : 0
    }

    /// Somebody answered.
    ///
    /// - Parameter tookMail: whether at least one recipient was decided and not put off.
    /// - Returns: whether that ended a rest.
    mutating func answered(tookMail: Bool, _ policy: SchedulingPolicy) -> Bool {
        let hasRested = rest != nil
        if hasRested {
            (rest, rests, size) = (nil, 0, policy.firstWindow)
        } else if tookMail {
            size = min(size + 1, policy.largestWindow)
        }
        hasAnswered = true
        return hasRested
    }

    /// A person wants to know whether things are better: one attempt may start now, and the next rest is a first one.
    mutating func endRest(at now: Timestamp) {
        guard let rest = rest(at: now) else { return }
        self.rest = DestinationRest(until: now, error: rest.error)
        rests = 0
    }

    /// Nobody could be reached. The window halves; at its end, or where nobody has answered at all, a rest begins.
    ///
    /// - Parameter generation: that of the attempt when it began.
    /// - Returns: the rest that begins now, if one does.
    mutating func failed(
        _ error: Outcome, generation: Int, at now: Timestamp, _ policy: SchedulingPolicy
    ) -> DestinationRest? {
        guard generation == self.generation else { return nil }
        if hasAnswered, size > 1 {
            size /= 2
            return nil
        }
        let pause = min(policy.firstRest * (1 << min(rests, 30)), policy.longestRest)
        let rest = DestinationRest(until: now + pause, error: error)
        self.rest = rest
        restBegan = now
        rests += 1
        self.generation += 1
        (size, hasAnswered) = (1, false)
        return rest
    }
}
