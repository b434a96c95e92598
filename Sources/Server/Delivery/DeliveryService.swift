public import LocalMail
public import MailCore
import MailDirectory
import NIOConcurrencyHelpers
import NIOCore
public import NIOPosix
public import QueueCore

/// Takes messages out of the queue and brings each recipient to its outcome.
///
/// Fresh messages come from the queue while they are still in memory; those that are due again, or that were there
/// before the start, are claimed. Both go the same way: route, agent, outcome, record. Batches for mailboxes of this
/// machine are written at once; what goes to other systems waits for its turn in the scheduler.
public final class DeliveryService: Sendable {
    /// Messages that are worked on together, so that they share syncs.
    private static let batchSize = 256
    /// Batches that are worked on at once: while one waits for the disk, the next is written.
    private static let workers = 2
    /// How soon after each other messages come where it is worth to wait for more.
    private static let busyTime = Duration.milliseconds(20)
    /// How long the queue is left alone when nothing is known to be due.
    private static let longestWait = Duration.seconds(60)
    /// The same while messages that the inbox did not take may not be free to be claimed yet.
    private static let waitAfterOverflow = Duration.milliseconds(100)

    private let queue: any DeliveryQueue
    private let attempt: DeliveryAttempt
    private let dispatcher: AgentDispatcher
    private let recorder: AttemptRecorder
    private let now: @Sendable () -> Timestamp
    private let inbox: DeliveryInbox
    private let bell: Doorbell
    private let isStopping: NIOLockedValueBox<Bool>

    /// - Parameters:
    ///   - host: our name in the names of files in Maildirs.
    ///   - sizes: what mailboxes hold that have a quota.
    ///   - settings: asked once for each batch.
    ///   - threads: where mailboxes are written.
    ///   - agent: who brings messages to a destination.
    ///   - executors: where agents work, in turn; without any, where all tasks do.
    ///   - grace: how long agents may go on after `stop` before they are cancelled.
    ///   - destinationChanged: hears when a destination begins to rest, and when it answers again.
    public init(
        queue: any DeliveryQueue, host: Domain, threads: NIOThreadPool, sizes: MailboxSizes = MailboxSizes(),
        settings: @escaping @Sendable () -> DeliverySettings,
        agent: @escaping @Sendable (Destination) -> any DeliveryAgent, scheduling: SchedulingPolicy = .init(),
        executors: [any TaskExecutor] = [], grace: Duration = .seconds(30), now: @escaping @Sendable () -> Timestamp,
        destinationChanged: @escaping @Sendable (DestinationChange) -> Void = { _ in },
        log: @escaping @Sendable (DeliveryEvent) -> Void
    ) {
        let results = AttemptResults(settings: settings, now: now, log: log)
        let (inbox, bell, isStopping) = (DeliveryInbox(), Doorbell(), NIOLockedValueBox(false))
        (self.inbox, self.bell, self.isStopping) = (inbox, bell, isStopping)
        self.queue = queue
        self.now = now
        attempt = DeliveryAttempt(agent: MaildirAgent(host: host, sizes: sizes), threads: threads, results: results)
        dispatcher = AgentDispatcher(
            agent: agent, policy: scheduling, executors: executors, grace: grace, results: results,
            changed: destinationChanged)
        recorder = AttemptRecorder(
            queue, isDueAgain: bell.ring,
            failed: { [dispatcher] in Self.stop(isStopping, inbox, dispatcher, bell) })
        queue.onArrival { messages in
            let taken = inbox.offer(messages)
            if taken < messages.count { bell.ring() }
            return taken
        }
    }

    /// Delivers until `stop` is called.
    ///
    /// - Throws: what the queue throws; then nothing more can be delivered.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.workers { group.addTask { try await self.stoppingAllOnError(self.deliverArrivals) } }
            group.addTask { try await self.stoppingAllOnError(self.deliverDue) }
            group.addTask { await self.dispatcher.run(self.recorder) }
            try await group.waitForAll()
        }
        try await recorder.finish()
    }

    /// One worker that fails ends the others, which may be waiting for messages that never come.
    private func stoppingAllOnError(_ work: @Sendable () async throws -> Void) async throws {
        do {
            try await work()
        } catch {
            stop()
            throw error
        }
    }

    /// Begins nothing new; `run` returns when what was begun is recorded. The rest is in the queue still. Agents that go
    /// on for longer than their grace are cancelled.
    public func stop() {
        Self.stop(isStopping, inbox, dispatcher, bell)
    }

    private static func stop(
        _ isStopping: NIOLockedValueBox<Bool>, _ inbox: DeliveryInbox, _ dispatcher: AgentDispatcher, _ bell: Doorbell
    ) {
        isStopping.withLockedValue { $0 = true }
        inbox.close()
        dispatcher.stop()
        bell.ring()
    }

    /// Looks for due recipients now, because the queue was changed from outside.
    public func wake() {
        bell.ring()
    }

    /// Looks for due recipients now, and has destinations tried that rest and that these recipients go to.
    public func retry(_ recipients: some Sequence<QueuedRecipient>) {
        let router = Router(settings: attempt.results.settings())
        let destinations = recipients.compactMap { recipient -> Destination? in
            if case .agent(let destination) = router.route(recipient) { destination } else { nil }
        }
        dispatcher.endRests(of: Set(destinations))
        bell.ring()
    }

    private func deliverArrivals() async throws {
        var last = ContinuousClock.now - Self.busyTime
        while true {
            let batch = await inbox.next(limit: Self.batchSize, gathers: last.duration(to: .now) < Self.busyTime)
            if batch.isEmpty { return }
            last = .now
            recorder.record(try await deliver(batch, mayBeRepeat: false))
        }
    }

    /// What is in progress is not claimed again, and so the next batch need not wait for the one before.
    private func deliverDue() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var batches = 0
            var lastLook: ContinuousClock.Instant?
            while !isStopping.withLockedValue({ $0 }) {
                if lastLook.map({ $0.duration(to: .now) >= Self.longestWait }) ?? true {
                    lastLook = .now
                    try await noticeClockSetBack()
                }
                let batch = try await queue.claim(dueBy: now(), limit: Self.batchSize)
                if batch.isEmpty {
                    try await waitForDue()
                    continue
                }
                if batches == Self.workers {
                    try await group.next()
                    batches -= 1
                }
                group.addTask { self.recorder.record(try await self.deliver(batch, mayBeRepeat: true)) }
                batches += 1
            }
            try await group.waitForAll()
        }
    }

    /// Nobody waits until a clock that was wrong would be right.
    private func noticeClockSetBack() async throws {
        let time = now()
        _ = try await queue.pullIn(dueAfter: time + attempt.results.settings().retries.horizon, to: time)
    }

    private func waitForDue() async throws {
        let longest = inbox.takeOverflow() ? Self.waitAfterOverflow : Self.longestWait
        let pause = try await queue.nextDue().map { $0 - now() } ?? longest
        await bell.wait(atMost: max(.milliseconds(10), min(pause, longest)))
    }

    /// - Returns: what is to be recorded now; agents' results come later.
    private func deliver(_ batch: [QueuedMessage], mayBeRepeat: Bool) async throws -> [AttemptRecord] {
        let result = try await attempt.run(batch, mayBeRepeat: mayBeRepeat)
        return result.jobs.isEmpty ? result.records : result.records + dispatcher.submit(result.jobs)
    }
}
