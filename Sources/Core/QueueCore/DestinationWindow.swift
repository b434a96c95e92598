import MailCore

/// How many connections there may be to one destination at once, learned from what became of earlier attempts.
struct DestinationWindow: Hashable, Sendable {
    private(set) var size: Int
    /// Changes whenever a rest begins. What was begun before says nothing bad about the time after it.
    private(set) var generation = 0
    /// Rests without an answer between them.
    private var rests = 0
    private var rest: DestinationRest?
    /// Whether somebody answered since the last rest.
    private(set) var hasAnswered = false

    init(_ policy: SchedulingPolicy) {
        size = policy.firstWindow
    }

    /// The pause that is not over yet.
    func rest(at now: Timestamp) -> DestinationRest? {
        guard let rest, now < rest.until else { return nil }
        return rest
    }

    /// Connections that may be in use at once; one when a rest is over and nobody has answered yet.
    func limit(at now: Timestamp) -> Int {
        guard let rest else { return size }
        return now < rest.until ? 0 : 1
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
        rests += 1
        self.generation += 1
        (size, hasAnswered) = (1, false)
        return rest
    }
}
