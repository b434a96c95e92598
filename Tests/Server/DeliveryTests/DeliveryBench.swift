import Delivery
import Foundation
import MailCore
import MailDirectory
import MailTesting
import NIOPosix
import QueueCore
import Synchronization

/// A delivery service over a queue in memory, with Maildirs in a temporary folder and a clock that a test moves.
final class DeliveryBench: Sendable {
    let queue = ScriptedQueue()
    let service: DeliveryService
    let folder: TemporaryDirectory
    private let clock = Clock()
    private let heard = Changes()

    private final class Changes: Sendable {
        let list = Mutex<[DestinationChange]>([])
    }

    /// What was said of destinations.
    var changes: [DestinationChange] { heard.list.withLock(\.self) }

    private final class Clock: Sendable {
        private let time = Mutex(Timestamp.test)
        func now() -> Timestamp { time.withLock(\.self) }
        func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
    }

    /// - Parameters:
    ///   - root: the folder of the Maildirs; one that exists by default.
    init(
        root: String = "mail", retries: RetryPolicy = .init(),
        domainRoute: @escaping @Sendable (Domain?) -> RouteAction = { _ in .hold },
        agent: any DeliveryAgent = ScriptedAgent(), scheduling: SchedulingPolicy = .init(),
        grace: Duration = .seconds(30)
    ) throws {
        folder = try TemporaryDirectory()
        let settings = DeliverySettings(
            directory: try .example(root: folder.path(root)), domainRoute: domainRoute, retries: retries)
        service = DeliveryService(
            queue: queue, host: try Domain("mx.example.org"), threads: .singleton, settings: { settings },
            agent: { _ in agent }, scheduling: scheduling, grace: grace, now: clock.now,
            destinationChanged: { [heard] change in heard.list.withLock { $0.append(change) } }, log: { _ in })
    }

    /// Moves the clock, and has the service look at it.
    func advance(_ duration: Duration) {
        clock.advance(duration)
        service.wake()
    }

    /// Moves the clock; the service must see by itself.
    func advanceSilently(_ duration: Duration) { clock.advance(duration) }

    /// Runs the service around `body`, and stops it.
    func run(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void) async throws {
        let running = Task { [service] in try await service.run() }
        do {
            try await body()
        } catch {
            service.stop()
            throw error
        }
        service.stop()
        try await running.value
    }

    /// Lets one message arrive and returns what is recorded of it.
    func deliver(
        _ message: QueuedMessage, isolation: isolated (any Actor)? = #isolation
    ) async throws -> [RecipientResult] {
        try await run {
            queue.arrive([message])
            try await self.records(1)
        }
        return queue.recorded[0].results
    }

    /// Waits until so many messages have been recorded.
    func records(_ count: Int, isolation: isolated (any Actor)? = #isolation) async throws {
        _ = try await eventually("\(count) records") { self.queue.recorded.count >= count ? true : nil }
    }

    /// The messages in a user's Maildir.
    func mail(of user: String) throws -> [String] {
        let new = folder.path("mail/example.org/\(user)/new")
        guard FileManager.default.fileExists(atPath: new) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: new).sorted().map {
            try String(contentsOfFile: "\(new)/\($0)", encoding: .utf8)
        }
    }
}

extension AddressDirectory {
    /// Users ann and bob with Maildirs, an alias, a list with an owner, a circle, and a domain that throws away.
    static func example(root: String) throws -> AddressDirectory {
        let (ann, bob) = (try EmailAddress("ann@example.org"), try EmailAddress("bob@example.org"))
        let (hen, egg) = (try EmailAddress("hen@example.org"), try EmailAddress("egg@example.org"))
        return AddressDirectory(
            domains: [
                LocalDomain(
                    try Domain("example.org"), users: [ann.localPart, bob.localPart], delivery: .maildir(root: root)),
                LocalDomain(try Domain("null.example"), users: [ann.localPart], delivery: .discard),
            ],
            aliases: [
                AddressAlias(
                    try EmailAddress("both@example.org"),
                    .forward(to: [ann, try EmailAddress("c@example.net")], tell: false)),
                AddressAlias(try EmailAddress("gone@example.org"), .moved(to: try EmailAddress("gone@example.net"))),
                AddressAlias(hen, .forward(to: [egg], tell: false)),
                AddressAlias(egg, .forward(to: [hen], tell: false)),
            ],
            lists: [
                MailingList(
                    try EmailAddress("staff@example.org"), members: [ann, bob],
                    owner: try EmailAddress("boss@example.org"))
            ])
    }
}
