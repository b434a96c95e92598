public import NIOPosix
import SMTPCore

public import protocol NIOCore.EventLoopGroup

/// Connections that outlive a message, for the next one to the same endpoint. Each has one user at a time, or several where
/// messages go right behind one another.
public actor SMTPConnectionPool {
    private struct Idle {
        let lease: SMTPLease
        let since: ContinuousClock.Instant
    }

    /// What the pool knows of one endpoint.
    private struct Group {
        /// Connections being made.
        var coming = 0
        /// Connections in use, longest first.
        var busy: [Busy] = []
        /// The one that was given back last is at the end, and is used first.
        var idle: [Idle] = []
        var waiters: [Waiter] = []

        var used: Int { coming + busy.count }
        var isEmpty: Bool { used == 0 && idle.isEmpty && waiters.isEmpty }

        /// Whether somebody waits for what there is: room behind other messages.
        var mayFollow: Bool { !waiters.isEmpty && busy.contains { $0.mayBeFollowed(until: nil) } }

        mutating func follow(_ endpoint: SMTPEndpoint, until deadline: ContinuousClock.Instant?) -> SMTPLease? {
            var best: Int?
            for index in busy.indices where best.map({ busy[index].users < busy[$0].users }) ?? true {
                if busy[index].mayBeFollowed(until: deadline) { best = index }
            }
            guard let best else { return nil }
            busy[best].messages += 1
            busy[best].users += 1
            busy[best].deadline = deadline
            return SMTPLease(
                endpoint: endpoint, connection: busy[best].connection, messages: busy[best].messages - 1)
        }
    }

    private struct Busy {
        let connection: SMTPConnection
        /// Messages that may go over it in all.
        let most: Int
        /// Messages that were tried over it, those in progress too.
        var messages: Int
        /// Whether another message may go behind those that are on their way.
        let mayBeFollowed: Bool
        /// When the last of them must be over; nil where each wait has only its own time.
        var deadline: ContinuousClock.Instant?
        /// How many messages are on their way, or wait to be.
        var users = 1

        var mayCarryMore: Bool { connection.isOpen && messages < most }

        /// Whether a message with this deadline may go behind. Not one with less time than those in front: its end would
        /// be theirs.
        func mayBeFollowed(until end: ContinuousClock.Instant?) -> Bool {
            guard mayBeFollowed, users < connection.mostTransactions, mayCarryMore else { return false }
            guard let end else { return true }
            return deadline.map { $0 <= end } ?? false
        }
    }

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private let configuration: SMTPClientConfiguration
    private let limits: SMTPPoolLimits
    private let eventLoops: any EventLoopGroup
    private let opened: (@Sendable (SMTPEndpoint, SMTPConnection) -> Void)?
    private var groups: [SMTPEndpoint: Group] = [:]
    private var lastWaiter = 0
    private var isClosed = false
    private var reaper: Task<Void, Never>?

    /// A pool without connections; they are made when they are asked for.
    ///
    /// - Parameter opened: told of each connection that was made.
    public init(
        configuration: SMTPClientConfiguration, limits: SMTPPoolLimits = .init(),
        on eventLoops: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        opened: (@Sendable (SMTPEndpoint, SMTPConnection) -> Void)? = nil
    ) {
        self.opened = opened
        self.configuration = configuration
        self.limits = limits
        self.eventLoops = eventLoops
    }
}

// MARK: - Taking and giving back

extension SMTPConnectionPool {
    /// Gives an idle connection out, or makes one; waits where the endpoint has as many as it may.
    ///
    /// - Parameter deadline: when there must be one; nil to wait as long as others use theirs.
    /// - Throws: `SMTPError` if there is no connection, or `CancellationError`.
    public func take(_ endpoint: SMTPEndpoint, deadline: ContinuousClock.Instant? = nil) async throws -> SMTPLease {
        try await take(endpoint, connections: limits.connections, mayFollow: false, deadline: deadline)
    }

    /// - Parameters:
    ///   - connections: how many there may be now.
    ///   - mayFollow: whether a connection in use will do, behind the message that is on its way, and another one may go
    ///     behind this one.
    func take(
        _ endpoint: SMTPEndpoint, connections: Int, mayFollow: Bool, deadline: ContinuousClock.Instant?
    ) async throws -> SMTPLease {
        let most = max(1, min(connections, limits.connections))
        while true {
            guard !Task.isCancelled else {
                // It may have been woken for what the next one can take.
                settle(endpoint)
                throw CancellationError()
            }
            guard !isClosed else { throw SMTPError.poolClosed }
            if let deadline, deadline <= .now {
                settle(endpoint)
                throw SMTPError.allBusy(endpoint, most)
            }
            if let lease = takeIdle(endpoint, mayFollow, deadline) { return lease }
            if groups[endpoint, default: Group()].used < most {
                return try await connect(endpoint, mayFollow, deadline: deadline)
            }
            if mayFollow, let lease = follow(endpoint, deadline) { return lease }
            await wait(for: endpoint, until: deadline)
        }
    }

    /// Takes a connection back. It is kept if it may carry another message.
    ///
    /// - Parameter messages: how many were sent or tried over it.
    public func giveBack(_ lease: SMTPLease, messages: Int = 1) {
        let (endpoint, connection) = (lease.endpoint, lease.connection)
        guard let index = groups[endpoint]?.busy.firstIndex(where: { $0.connection === connection }),
            var busy = groups[endpoint]?.busy.remove(at: index)
        else { return }
        busy.users -= 1
        busy.messages += messages - 1
        if busy.users > 0 {
            groups[endpoint]?.busy.append(busy)
        } else if busy.mayCarryMore, !isClosed {
            let lease = SMTPLease(endpoint: endpoint, connection: connection, messages: busy.messages)
            groups[endpoint]?.idle.append(Idle(lease: lease, since: .now))
            startReaper()
        } else {
            Task { await connection.quit() }
        }
        settle(endpoint)
    }

    /// Messages that may go over a connection in all.
    func mostMessages(over connection: SMTPConnection) -> Int {
        max(1, min(limits.messages, connection.extensions.limit("MAILMAX") ?? limits.messages))
    }

    /// Ends idle connections, and those in use when they are given back; gives none out any more.
    ///
    /// - Parameter patience: how long servers may take over QUIT.
    public func close(patience: Duration = .seconds(2)) async {
        isClosed = true
        reaper?.cancel()
        let idle = groups.values.flatMap { $0.idle.map(\.lease.connection) }
        let waiters = groups.values.flatMap(\.waiters)
        for endpoint in groups.keys {
            groups[endpoint]?.idle = []
            groups[endpoint]?.waiters = []
        }
        for waiter in waiters { waiter.continuation.resume() }
        await withTaskGroup(of: Void.self) { group in
            for connection in idle { group.addTask { await connection.quit() } }
            group.addTask {
                try? await Task.sleep(for: patience)
                for connection in idle { connection.close() }
            }
            for _ in idle { await group.next() }
            group.cancelAll()
        }
    }

    private func takeIdle(
        _ endpoint: SMTPEndpoint, _ mayBeFollowed: Bool, _ deadline: ContinuousClock.Instant?
    ) -> SMTPLease? {
        while let last = groups[endpoint]?.idle.popLast() {
            guard last.lease.connection.isOpen else { continue }
            lend(last.lease, mayBeFollowed, deadline)
            return last.lease
        }
        return nil
    }

    private func lend(_ lease: SMTPLease, _ mayBeFollowed: Bool, _ deadline: ContinuousClock.Instant?) {
        groups[lease.endpoint]?.busy.append(
            Busy(
                connection: lease.connection, most: mostMessages(over: lease.connection),
                messages: lease.messages + 1, mayBeFollowed: mayBeFollowed,
                deadline: deadline))
        wakeFollower(lease.endpoint)
    }

    /// Shares the connection with the fewest messages, of those the one whose message has been on its way for longest.
    private func follow(_ endpoint: SMTPEndpoint, _ deadline: ContinuousClock.Instant?) -> SMTPLease? {
        guard !endpoint.url.isLMTP, let lease = groups[endpoint]?.follow(endpoint, until: deadline) else { return nil }
        wakeFollower(endpoint)
        return lease
    }

    /// Lets who has waited longest try again, if a connection in use has room.
    private func wakeFollower(_ endpoint: SMTPEndpoint) {
        if groups[endpoint]?.mayFollow == true { settle(endpoint) }
    }

    private func connect(
        _ endpoint: SMTPEndpoint, _ mayBeFollowed: Bool, deadline: ContinuousClock.Instant?
    ) async throws -> SMTPLease {
        groups[endpoint, default: Group()].coming += 1
        do {
            let connection = try await SMTPConnection.connect(
                to: endpoint.url, remoteHost: endpoint.remoteHost, tls: endpoint.tls, credentials: endpoint.credentials,
                configuration: configuration,
                deadline: deadline, on: eventLoops)
            opened?(endpoint, connection)
            let lease = SMTPLease(endpoint: endpoint, connection: connection, messages: 0)
            groups[endpoint]?.coming -= 1
            lend(lease, mayBeFollowed, deadline)
            return lease
        } catch {
            groups[endpoint]?.coming -= 1
            settle(endpoint)
            throw error
        }
    }
}

// MARK: - Waiting

extension SMTPConnectionPool {
    /// Returns when a connection may have become free, the time is over, or the task is cancelled.
    private func wait(for endpoint: SMTPEndpoint, until deadline: ContinuousClock.Instant?) async {
        lastWaiter += 1
        let number = lastWaiter
        let alarm = deadline.map { deadline in
            Task {
                try await Task.sleep(until: deadline)
                wake(number, of: endpoint)
            }
        }
        defer { alarm?.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume() }
                groups[endpoint]?.waiters.append(Waiter(number: number, continuation: continuation))
            }
        } onCancel: {
            Task { await self.wake(number, of: endpoint) }
        }
    }

    private func wake(_ number: Int, of endpoint: SMTPEndpoint) {
        guard let index = groups[endpoint]?.waiters.firstIndex(where: { $0.number == number }) else { return }
        groups[endpoint]?.waiters.remove(at: index).continuation.resume()
    }

    /// Lets who has waited longest try again, and forgets an endpoint that nobody wants.
    private func settle(_ endpoint: SMTPEndpoint) {
        guard let group = groups[endpoint] else { return }
        if !group.waiters.isEmpty {
            groups[endpoint]?.waiters.removeFirst().continuation.resume()
        } else if group.isEmpty {
            groups[endpoint] = nil
        }
    }
}

// MARK: - Idle connections

extension SMTPConnectionPool {
    private func startReaper() {
        guard reaper == nil else { return }
        let idleTime = limits.idleTime
        reaper = Task { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: idleTime)
                guard await self?.reap() == true else { return }
            }
        }
    }

    /// Ends connections that have been idle for long enough. False if none is left to watch.
    private func reap() -> Bool {
        let end = ContinuousClock.now - limits.idleTime
        for (endpoint, group) in groups {
            let isOver = { (idle: Idle) in idle.since <= end || !idle.lease.connection.isOpen }
            for idle in group.idle where isOver(idle) { Task { await idle.lease.connection.quit() } }
            groups[endpoint]?.idle.removeAll(where: isOver)
            settle(endpoint)
        }
        guard groups.values.allSatisfy(\.idle.isEmpty) else { return true }
        reaper = nil
        return false
    }
}

extension SMTPError {
    fileprivate static let poolClosed = SMTPError(
        stage: .connect, isTransient: true, description: "no more messages are sent")

    fileprivate static func allBusy(_ endpoint: SMTPEndpoint, _ limit: Int) -> SMTPError {
        SMTPError(
            stage: .connect, isTransient: true,
            hint: "Allow more connections at once, or more time; or send less at the same time.",
            description: "\(endpoint.url): no connection became free in time; all \(limit) are in use")
    }
}
