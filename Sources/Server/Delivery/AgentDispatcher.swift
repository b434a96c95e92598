import MailCore
import NIOConcurrencyHelpers
import QueueCore

/// Runs the attempts that go to other systems, each in a task of its own, when the scheduler says so.
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
        let admissions = scheduler.withLockedValue { scheduler in
            jobs.map {
                scheduler.add($0, for: $0.destination, from: $0.reversePath, octets: $0.message.memoryOctets, at: now)
            }
        }
        if admissions.contains(.waits) { bell.ring() }
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
    /// - Parameter record: makes results durable.
    func run(_ record: @escaping @Sendable ([AttemptRecord]) async throws -> Void) async throws {
        var turn = 0
        try await withThrowingDiscardingTaskGroup { group in
            while mayGoOn {
                while mayGoOn, let start = next() {
                    turn += 1
                    let executor = executors.isEmpty ? nil : executors[turn % executors.count]
                    group.addTask(executorPreference: executor) { try await record(await self.carryOut(start)) }
                }
                await bell.wait(atMost: Self.longestWait)
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

    /// The bell rings for everything; this is only for the case that nothing happens.
    private static let longestWait = Duration.seconds(3_600)

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

    private func carryOut(_ start: Scheduler<DeliveryJob>.Start) async -> [AttemptRecord] {
        let report = await agent(start.job.destination).deliver(start.job)
        let (givenBack, changes) = scheduler.withLockedValue { scheduler in
            (scheduler.finished(start.ticket, report.answer, at: results.now()), scheduler.takeChanges())
        }
        bell.ring()
        for change in changes { changed(change) }
        let attempt = results.record(start.job, report.outcomes)
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
