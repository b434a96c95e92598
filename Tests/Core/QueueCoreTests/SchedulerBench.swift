import MailCore

@testable import QueueCore

/// A scheduler of numbered jobs and a clock that a test moves.
struct SchedulerBench {
    var scheduler: Scheduler<Int>
    private(set) var running: [(job: Int, ticket: Scheduler<Int>.Ticket)] = []
    var now = Timestamp(microseconds: 1_795_291_200_000_000)

    /// - Parameter attemptsPerConnection: one unless a test is about more.
    init(_ policy: SchedulingPolicy = SchedulingPolicy(), attemptsPerConnection: Int = 1) {
        var policy = policy
        policy.attemptsPerConnection = attemptsPerConnection
        scheduler = Scheduler(policy)
    }

    @discardableResult
    mutating func add(
        _ job: Int, to destination: Destination, from sender: ReversePath = .null, octets: Int = 0
    ) -> Scheduler<Int>.Admission {
        scheduler.add(job, for: destination, from: sender, octets: octets, at: now)
    }

    /// Begins with all that may begin, and says with what.
    mutating func start() -> [Int] {
        var started: [Int] = []
        while let start = scheduler.next(at: now) {
            running.append((start.job, start.ticket))
            started.append(start.job)
        }
        return started
    }

    /// Ends the attempt at one job.
    @discardableResult
    mutating func finish(_ job: Int, _ answer: Scheduler<Int>.Answer = .tookMail) -> Scheduler<Int>.GivenBack? {
        guard let index = running.firstIndex(where: { $0.job == job }) else { return nil }
        return scheduler.finished(running.remove(at: index).ticket, answer, at: now)
    }

    /// Ends whatever runs.
    mutating func finishAll(_ answer: Scheduler<Int>.Answer = .tookMail) -> [Int] {
        running.map(\.job).flatMap { finish($0, answer)?.jobs ?? [] }
    }

    var knownDestinations: Int { scheduler.destinations }

    mutating func pass(_ duration: Duration) { now = now + duration }
}

extension Destination {
    static func test(_ name: String) -> Destination { .host(name, port: 25, .smtp) }
    static let dead = test("dead.example")
    static let live = test("live.example")
}

extension Outcome {
    static let noAnswer = Outcome(
        .deferred, status: .init(.persistentTransientFailure, 4, 1), diagnostic: "Connection refused")
}

extension ReversePath {
    static func test(_ name: String) throws -> ReversePath { .mailbox(try EmailAddress("\(name)@example.org")) }
}
