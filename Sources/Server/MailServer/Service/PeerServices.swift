import Delivery
import LocalMail
import Logging
import MailSpool
import MilterClient
import NIOCore
import NIOPosix
import PolicyService
import QueueCore
import Reception
import SMTPServer

/// What sessions with peers need of the server around them.
struct PeerServices: Sendable {
    let reception: ReceptionServices
    let watchers = TerminalWatchers()
    /// Checking a password keeps one busy for a tenth of a second; others must not wait for that.
    private let passwordThreads = NIOThreadPool(numberOfThreads: max(1, System.coreCount / 2))
    /// Measures mailboxes, which takes as long as they are large.
    private let mailboxThread = NIOThreadPool(numberOfThreads: 1)
    let visits: VisitService
    let greylisting: Greylisting

    /// - Parameters:
    ///   - changed: hears what is to be tried now.
    ///   - sizes: what mailboxes hold that have a quota.
    ///   - connections: counted for HELP STATUS.
    init(
        spool: Spool, settings: ServerSettings, visits: Visits, lookup: DNSHostLookup,
        group: any EventLoopGroup, sizes: MailboxSizes, connections: ConnectionLedger,
        log: EventLog, changed: @escaping @Sendable (QueueChange, [QueueHit]) -> Void
    ) {
        passwordThreads.start()
        mailboxThread.start()
        let (date, started) = (MailDate(), SystemClock.now())
        self.visits = VisitService(
            visits: visits, mail: WaitingMail(spool: spool, changed: changed), settings: settings, log: log)
        greylisting = Greylisting(
            pause: { settings.configuration.policy.pause }, now: SystemClock.now,
            memory: GreylistService.memory(at: settings.configuration.greylistPath))
        reception = ReceptionServices(
            sink: spool, log: { log.write($0) }, mailDate: date.now,
            status: {
                ["Martlet has been running since \(started)", "Connections: \(connections.total)"]
                    + (await Self.lines(on: spool))
            },
            domains: DomainCheck(lookup.refusal),
            terminals: TerminalDesk(agent: TerminalAgent(), watchers: watchers),
            queue: QueueRunner(spool: spool, settings: settings, changed: changed), turns: self.visits,
            screens: [
                Blocklists(zones: { settings.configuration.policy.blocklists }, look: lookup.answer),
                greylisting,
                PolicyProgram(
                    address: { settings.configuration.policy.program },
                    asksAboutUsers: { settings.configuration.policy.programUsers },
                    service: PolicyConnector(group: group, trust: { settings.configuration.webTrust }),
                    failed: { log.write($1, of: $0) }),
                MailboxQuota(
                    hasQuotas: { settings.configuration.domains.contains { $0.quota != nil } },
                    directory: { settings.reception.directory },
                    octets: { [mailboxThread] folder in
                        if let octets = sizes.known(folder) { return octets }
                        return (try? await mailboxThread.runIfActive { sizes.octets(in: folder) }) ?? 0
                    }),
            ],
            filters: MilterConnector(group: group),
            authentication: UserAuthentication(
                settings: settings, threads: passwordThreads, group: group,
                note: {
                    log.write(LogEvent("not-authenticated", .notice, at: SystemClock.now(), [("text", .text($0))]))
                }))
    }

    func close() async throws {
        try await passwordThreads.shutdownGracefully()
        try await mailboxThread.shutdownGracefully()
    }

    /// How much waits.
    private static func lines(on spool: Spool) async -> [String] {
        guard let counts = try? await spool.count() else { return ["The queue cannot be read now"] }
        let states = counts.recipients.sorted { $0.key.name < $1.key.name }.map { "\($0.value) \($0.key.name)" }
        let recipients = states.isEmpty ? "" : " (recipients: \(states.joined(separator: ", ")))"
        return ["Messages in the queue: \(counts.messages), \(counts.octets) octets\(recipients)"]
    }
}

extension PolicyConfiguration {
    /// How long strangers are put off; nil where they are not.
    fileprivate var pause: Duration? { greylisting ? greylistingPause : nil }
}

extension ServerConfiguration {
    /// The file of what greylisting remembers.
    var greylistPath: String { "\(data)/greylist" }
}
