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
    /// When the jobs that were sent away last are to come back, and how many these are.
    private var lastPostponement: (time: Timestamp, jobs: Int)?

    /// Attempts that share a connection.
    private let attemptsPerConnection: Int

    init(_ destination: Destination, _ policy: SchedulingPolicy) {
        window = DestinationWindow(policy)
        attemptsPerConnection = destination.isPipelined ? policy.attemptsPerConnection : 1
    }

    var isIdle: Bool { running == 0 && waiting.isEmpty }

    /// Whether a job could start.
    ///
    /// - Parameter isBusy: whether room is scarce, and a destination that never answered gets one place only.
    func canStart(at now: Timestamp, isBusy: Bool) -> Bool {
        let limit = window.limit(at: now)
        guard window.hasAnswered else { return !waiting.isEmpty && running < (isBusy ? min(limit, 1) : limit) }
        return !waiting.isEmpty && running < limit * attemptsPerConnection
    }

    mutating func note(_ duration: Duration) {
        self.duration = (self.duration * 7 + max(duration, .zero)) / 8
    }

    /// A time for a job that finds no room: when half of what waits is done, and then at the pace at which the destination
    /// takes mail. Many come back together, because claiming them one by one costs more.
    mutating func postponement(at now: Timestamp, _ policy: SchedulingPolicy) -> Timestamp {
        let pace = duration / max(window.size * attemptsPerConnection, 1)
        let earliest = now + max(pace * (waiting.count / 2), policy.shortestPostponement)
        let last = lastPostponement ?? (earliest, 0)
        let isFull = last.jobs >= policy.postponedTogether
        let next = isFull ? last.time + pace * last.jobs : last.time
        let time = min(max(next, earliest), now + policy.longestPostponement)
        lastPostponement = (time, isFull ? 1 : last.jobs + 1)
        return time
    }
}
