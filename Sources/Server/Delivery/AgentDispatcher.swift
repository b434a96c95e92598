import MailCore
import NIOConcurrencyHelpers
import QueueCore

/// Runs the attempts that go to other systems, when the scheduler says so.
final class AgentDispatcher: Sendable {
    private let agent: @Sendable (Destination) -> any DeliveryAgent
    private let results: AttemptResults
    /// How long attempts may go on after the end before they are cancelled.
    private let grace: Duration
    private let scheduler: NIOLockedValueBox<Scheduler<DeliveryJob>>
    private let isStopping = NIOLockedValueBox(false)
    private let bell = Doorbell()
    private let executors: [any TaskExecutor]
    private let changed: @Sendable (DestinationChange) -> Void

    /// - Parameter changed: hears when a destination begins to rest, and when it answers again.
    init(
        agent: @escaping @Sendable (Destination) -> any DeliveryAgent, policy: SchedulingPolicy,
        executors: [any TaskExecutor], grace: Duration, results: AttemptResults,
        changed: @escaping @Sendable (DestinationChange) -> Void
    ) {
        self.agent = agent
        self.executors = executors
        self.changed = changed
        self.grace = grace
        self.results = results
        scheduler = NIOLockedValueBox(Scheduler(policy))
    }

    /// Takes jobs in.
    ///
    /// - Returns: what is to be recorded about those that are not taken.
    func submit(_ jobs: [DeliveryJob]) -> [AttemptRecord] {
        let now = results.now()
        let (admissions, mayStart) = scheduler.withLockedValue { scheduler in
            let admissions = jobs.map {
                scheduler.add($0, for: $0.destination, from: $0.reversePath, octets: $0.message.memoryOctets, at: now)
            }
            return (admissions, scheduler.mayStart)
        }
        if mayStart { bell.ring() }
        return zip(jobs, admissions).compactMap { job, admission in
            switch admission {
            case .waits: nil
            case .rests(let rest): results.record(job, rest)
            case .postponed(let time): results.record(job, postponedUntil: time)
            }
        }
    }

    /// Ends rests, so that the next job for each of these destinations is tried.
    func endRests(of destinations: Set<Destination>) {
        let now = results.now()
        scheduler.withLockedValue { scheduler in
            for destination in destinations { scheduler.endRest(of: destination, at: now) }
        }
    }

    /// Makes attempts until `stop` is called and those under way have ended.
    ///
    /// - Parameter recorder: makes results durable.
    func run(_ recorder: AttemptRecorder) async {
        var turn = 0
        await withDiscardingTaskGroup { group in
            while mayGoOn {
                while mayGoOn, let start = next() {
                    turn += 1
                    let executor = executors.isEmpty ? nil : executors[turn % executors.count]
                    group.addTask(executorPreference: executor) { await self.work(from: start, recorder) }
                }
                await bell.wait()
            }
            await waitForAttempts()
            group.cancelAll()
        }
    }

    /// Begins nothing more, and forgets what waits; the queue has it still.
    func stop() {
        isStopping.withLockedValue { $0 = true }
        bell.ring()
    }

    private var mayGoOn: Bool { !isStopping.withLockedValue(\.self) && !Task.isCancelled }

    private func next() -> Scheduler<DeliveryJob>.Start? {
        scheduler.withLockedValue { $0.next(at: results.now()) }
    }

    private func waitForAttempts() async {
        let end = ContinuousClock.now + grace
        while scheduler.withLockedValue(\.running) > 0, !Task.isCancelled {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return }
            await bell.wait(atMost: left)
        }
    }

    /// Carries out one attempt after another as long as there are some.
    private func work(from first: Scheduler<DeliveryJob>.Start, _ recorder: AttemptRecorder) async {
        var start = first
        while true {
            recorder.record(await carryOut(start))
            guard mayGoOn, let following = next() else { break }
            // An attempt that ends may let more than one begin.
            if scheduler.withLockedValue(\.mayStart) { bell.ring() }
            start = following
        }
        if !mayGoOn { bell.ring() }
    }

    private func carryOut(_ start: Scheduler<DeliveryJob>.Start) async -> [AttemptRecord] {
        var job = start.job
        job.connections = start.connections
        let report = await agent(job.destination).deliver(job)
        let (givenBack, changes) = scheduler.withLockedValue { scheduler in
            (scheduler.finished(start.ticket, report.answer, at: results.now()), scheduler.takeChanges())
        }
        for change in changes { changed(change) }
        let attempt = results.record(job, report.outcomes)
        guard let givenBack else { return [attempt] }
        return [attempt] + givenBack.jobs.map { results.record($0, givenBack.rest) }
    }
}

extension AgentReport {
    /// What the scheduler learns from it.
    fileprivate var answer: Scheduler<DeliveryJob>.Answer {
        switch condition {
        case .reachable: outcomes.contains { $0.action != .deferred } ? .tookMail : .putOff
        case .unreachable:
            .unreachable(
                outcomes.first { $0.action == .deferred }
                    ?? Outcome(
                        .deferred, status: .init(.persistentTransientFailure, 4, 1),
                        diagnostic: "Nobody there could be reached"))
        }
    }
}
