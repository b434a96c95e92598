import MailCore

/// What a scheduler knows about one destination: what waits for it, what is under way, and how it takes mail.
struct DestinationState<Job: Sendable>: Sendable {
    struct Waiting: Sendable {
        let job: Job
        let octets: Int
    }

    var window: DestinationWindow
    /// By sender, so that one with much mail does not hold up the others.
    var waiting = RoundRobin<ReversePath, Waiting>()
    var running = 0
    /// Whether it stands in the scheduler's line of destinations.
    var isListed = false
    /// How long an attempt takes, as a moving average. It begins low, because who comes back too early costs a write to
    /// the index, and who comes back too late leaves a fast destination with nothing to do.
    private var duration = Duration.milliseconds(20)
    /// When the job that was sent away last is to come back.
    private var lastPostponement: Timestamp?

    init(_ policy: SchedulingPolicy) {
        window = DestinationWindow(policy)
    }

    var isIdle: Bool { running == 0 && waiting.isEmpty }

    /// Whether a job could start.
    ///
    /// - Parameter isBusy: whether room is scarce, and a destination that never answered gets one place only.
    func canStart(at now: Timestamp, isBusy: Bool) -> Bool {
        let limit = window.limit(at: now)
        return !waiting.isEmpty && running < (isBusy && !window.hasAnswered ? min(limit, 1) : limit)
    }

    mutating func note(_ duration: Duration) {
        self.duration = (self.duration * 7 + max(duration, .zero)) / 8
    }

    /// A time for a job that finds no room: when half of what waits is done, and then one after the other, at the pace at
    /// which the destination takes mail.
    mutating func postponement(at now: Timestamp, _ policy: SchedulingPolicy) -> Timestamp {
        let pace = duration / max(window.size, 1)
        let earliest = now + max(pace * (waiting.count / 2), policy.shortestPostponement)
        let next = max(lastPostponement ?? earliest, earliest) + pace
        let time = min(next, now + policy.longestPostponement)
        lastPostponement = time
        return time
    }
}
