import Delivery
import LocalMail
import Logging
import MailCore
import MailDirectory
import MailSpool
import NIOCore
import NIOPosix
import QueueCore
import Reception
import SMTPCore
import SMTPServer
import ServiceLifecycle
import UnixSignals

/// Puts the server together from a configuration, and runs it.
package struct ServerComposition {
    /// How long a start waits for a spool that another process has.
    private static let lockPatience = Duration.seconds(5)

    private let configuration: ServerConfiguration
    private let settings: ServerSettings
    private let read: @Sendable () throws(ConfigurationErrors) -> ServerConfiguration
    private let log: EventLog

    /// - Parameter read: reads the configuration again.
    package init(
        configuration: ServerConfiguration, log: EventLog,
        read: @escaping @Sendable () throws(ConfigurationErrors) -> ServerConfiguration
    ) {
        self.configuration = configuration
        self.read = read
        settings = ServerSettings(configuration)
        self.log = log
    }

    /// Serves until the process is told to end (SIGTERM, SIGINT).
    ///
    /// - Throws: `SpoolError` if the spool cannot be opened or has failed, `ListenerError` if an address is taken.
    package func run() async throws {
        let connections = ProcessLimits.raiseOpenFiles()
        try DataFolder.create(configuration.data.description)
        if let context = configuration.tlsContext { log.write(context) }
        let failure = SpoolFailureSignal()
        let spool = try await openSpool(failure)
        let threads = NIOThreadPool(numberOfThreads: System.coreCount + 1)
        threads.start()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        let visits = Visits()
        let agents = try DeliveryAgents(
            configuration, group: group, threads: threads, log: log,
            visitors: VisitAgent(
                visits: visits, threads: threads, route: { [settings] in settings.configuration.route(for: $0) }),
            tlsPolicy: { [settings] in settings.configuration.tlsPolicy(for: $0) },
            credentials: { [settings] in settings.configuration.credentials(for: $0) })
        let sizes = MailboxSizes()
        let delivery = makeDelivery(spool, threads, group, agents, visits, sizes)
        let notifier = ServiceNotifier()
        let reloader = ConfigurationReloader(settings: settings, log: log, notifier: notifier, read: read)
        let ledger = makeLedger(connections)
        let peers = PeerServices(
            spool: spool, settings: settings, visits: visits, lookup: agents.lookup, group: group, sizes: sizes,
            connections: ledger, log: log, changed: delivery.take)
        let listeners = makeListeners(group, ledger, peers.reception)
        guard let listener = listeners.first(where: \.takesMail) ?? listeners.first else {
            preconditionFailure("a configuration has a listener")
        }
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let maildrop = MaildropService(settings: settings, sink: spool, ledger: spool, threads: threads, log: log)
        maildrop.prepare()
        let services: [any Service] = [
            SpoolService(spool: spool, failure: failure),
            DeliveryRunner(delivery: delivery, agents: agents),
            ReportRunner(reports: makeReports(spool, threads, delivery)),
            maildrop,
            ControlService(
                socketPath: ControlSocket.path(in: configuration.data), group: group,
                inspector: QueueInspector(spool: spool, settings: { visits.applied(to: settings.delivery) }) {
                    [log] change, hits in
                    log.write(change, hits)
                    delivery.take(change, hits)
                }, reloader: reloader, watchers: peers.watchers,
                caller: TurnCaller(visits: peers.visits, listener: listener, settings: settings, group: group), log: log
            ),
            ReloadService(hangups: hangups, reloader: reloader),
            FileWatchService(settings: settings, reloader: reloader),
            MemoryReturnService(connections: ledger, threads: threads),
            GreylistService(
                greylisting: peers.greylisting, path: configuration.greylistPath, threads: threads, log: log),
            ListenerService(
                listeners: listeners, sockets: InheritedSockets(), grace: configuration.limits.drainTimeout, log: log,
                notifier: notifier),
        ]
        try await serviceGroup(services).run()
        try await group.shutdownGracefully()
        try await threads.shutdownGracefully()
        try await peers.close()
    }

    private func serviceGroup(_ services: [any Service]) -> ServiceGroup {
        var logger = Logger(label: "lifecycle") { [log] in EventLogHandler(log: log, label: $0) }
        logger.logLevel = .error
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    }

    /// Waits a moment for whoever has the spool: a queue command that is soon done, or a server that is ending.
    private func openSpool(_ failure: SpoolFailureSignal) async throws -> Spool {
        let end = ContinuousClock.now + Self.lockPatience
        var hasTold = false
        while true {
            do throws(SpoolError) {
                return try openFreeSpool(failure)
            } catch {
                guard case .locked = error, ContinuousClock.now < end else { throw error }
                if !hasTold {
                    let text = "\(error); waiting for it up to \(Self.lockPatience.components.seconds) s"
                    log.write(LogEvent("waiting", .notice, at: SystemClock.now(), [("text", .text(text))]))
                }
                hasTold = true
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func openFreeSpool(_ failure: SpoolFailureSignal) throws(SpoolError) -> Spool {
        let spool = try Spool.open(
            directory: configuration.spoolFolder, settings: configuration.spoolSettings, now: SystemClock.now,
            notice: { [log] in log.write(LogEvent("spool", .warning, at: SystemClock.now(), [("text", .text($0))])) },
            onFailure: { [log] error in
                let text = "\(error); no more messages are taken, and the server ends"
                log.write(LogEvent("spool-failed", .critical, at: SystemClock.now(), [("text", .text(text))]))
                failure.report(error)
            })
        if let event = spool.recovery.logEvent { log.write(event) }
        return spool
    }

    private func makeDelivery(
        _ spool: Spool, _ threads: NIOThreadPool, _ group: any EventLoopGroup, _ agents: DeliveryAgents,
        _ visits: Visits, _ sizes: MailboxSizes
    ) -> DeliveryService {
        DeliveryService(
            queue: spool, host: configuration.hostname, threads: threads, sizes: sizes,
            settings: { [settings] in visits.applied(to: settings.delivery) },
            agent: agents.agent, scheduling: configuration.schedulingPolicy,
            executors: group.makeIterator().map(EventLoopExecutor.init), grace: configuration.limits.drainTimeout,
            now: SystemClock.now, destinationChanged: { [log] in log.write($0) }, log: { [log] in log.write($0) })
    }

    private func makeReports(_ spool: Spool, _ threads: NIOThreadPool, _ delivery: DeliveryService) -> ReportService {
        ReportService(
            queue: spool, sink: spool, host: configuration.hostname, threads: threads,
            retries: { [settings] in settings.delivery.retries },
            now: SystemClock.now, entered: delivery.wake, log: { [log] in log.write($0) })
    }

    /// - Parameter connections: the most that the system's limits leave room for.
    private func makeLedger(_ connections: Int) -> ConnectionLedger {
        var limits = configuration.connectionLimits
        limits.total = min(limits.total, connections)
        return ConnectionLedger(limits: limits)
    }

    private func makeListeners(
        _ group: any EventLoopGroup, _ ledger: ConnectionLedger, _ services: ReceptionServices
    ) -> [SMTPListener] {
        let sessions = SessionNumbers()
        return configuration.listeners.map { listener in
            let isLMTP = listener.dialect == .lmtp
            return SMTPListener(
                configuration.listenerConfiguration(listener), group: group, ledger: ledger,
                isTrusted: { [settings] in settings.reception.isTrusted($0) },
                tls: { [settings] in settings.configuration.tlsContext(of: listener) },
                cutOff: { [log] in log.write($1, of: $0) },
                makeDelegate: { [settings] peer in
                    ReceptionSession(
                        id: sessions.next(), peer: peer, isLMTP: isLMTP,
                        isSubmission: listener.role == .submission, defaultDomain: listener.defaultDomain,
                        settings: settings.reception, services: services)
                })
        }
    }
}

extension SMTPListener {
    /// Whether mail may come in there, from whoever it is.
    fileprivate var takesMail: Bool {
        configuration.machine.kind == .smtp && !configuration.machine.isOnDemandRelay
    }
}

extension DeliveryService {
    /// Follows what a person did to the queue: what is to be tried now is, wherever it goes.
    @Sendable fileprivate func take(_ change: QueueChange, _ hits: [QueueHit]) {
        let recipients = hits.lazy.flatMap(\.recipients).filter { !$0.isInFlight }
        let queued = { (recipient: QueueHit.Recipient, route: RouteAction?) in
            QueuedRecipient(
                number: recipient.number, recipient: EnvelopeRecipient(recipient.address), route: route)
        }
        switch change {
        case .retry, .release: retry(recipients.map { queued($0, $0.route) })
        case .reroute(let route): retry(recipients.map { queued($0, route) })
        case .hold, .bounce, .delete: wake()
        }
    }
}

extension RecoveryReport {
    /// What opening had to mend; nil if there was nothing.
    fileprivate var logEvent: LogEvent? {
        guard self != RecoveryReport() else { return nil }
        // The end of the log alone is what an ordinary crash leaves.
        let isTornEnd = cutOctets > 0 && setAside.filter { $0.hasSuffix(".record") }.count == 1
        let level: Logger.Level = setAside.isEmpty ? .notice : isTornEnd ? .warning : .error
        return LogEvent(
            "recovered", level, at: SystemClock.now(),
            [
                ("reindexed", .number(Int64(reindexed))), ("cut", .number(Int64(cutOctets))),
                ("damaged", .text(setAside.joined(separator: " "))), ("bodies", .number(Int64(removedBodies))),
                ("rebuilt", .text(isIndexRebuilt ? "yes" : "no")),
            ])
    }
}
