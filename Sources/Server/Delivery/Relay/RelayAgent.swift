import LocalMail
public import MailCore
import MailMIME
import NIOCore
public import NIOPosix
public import QueueCore
public import SMTPClient

/// The delivery agent that hands messages on to other servers, by SMTP or LMTP.
public struct RelayAgent: DeliveryAgent {
    /// How often a message may have been here; more is a loop (RFC 5321 §6.3).
    static let mostVisits = 3

    private let host: Domain
    private let endpoints: EndpointFinder
    private let pool: SMTPConnectionPool
    private let threads: NIOThreadPool
    private let tlsPolicy: @Sendable (Destination) -> TLSPolicy

    /// - Parameters:
    ///   - host: our name, as our Received fields say it.
    ///   - tlsPolicy: how safe the way to a destination must be.
    ///   - threads: where large messages are read.
    public init(
        host: Domain, lookup: any MailHostLookup, pool: SMTPConnectionPool, threads: NIOThreadPool,
        tlsPolicy: @escaping @Sendable (Destination) -> TLSPolicy = { _ in .may }
    ) {
        self.host = host
        endpoints = EndpointFinder(lookup: lookup)
        self.pool = pool
        self.threads = threads
        self.tlsPolicy = tlsPolicy
    }

    /// Tries once: each host in order until one answers for a recipient.
    ///
    /// - Precondition: the destination is no program.
    public func deliver(_ job: DeliveryJob) async -> AgentReport {
        if await hasBeenHereTooOften(job.message.content) { return AgentReport(.relayLoop, for: job) }
        switch await endpoints.find(job.destination) {
        case .decided(let outcome, let condition): return AgentReport(outcome, for: job, condition: condition)
        case .endpoints(var endpoints):
            let policy = tlsPolicy(job.destination).stricter(forRequireTLS: job.message.options.requireTLS)
            for index in endpoints.indices { endpoints[index].tls = policy }
            return await send(job, to: endpoints)
        }
    }

    /// Recipients with the same reverse path share transactions.
    private func send(_ job: DeliveryJob, to endpoints: [SMTPEndpoint]) async -> AgentReport {
        let content = RelayContent(job.message.content, declared: job.message.options.body, threads: threads)
        var outcomes: [Int: Outcome] = [:]
        var condition = AgentReport.Condition.reachable
        let reversePath = { (recipient: QueuedRecipient) in recipient.reversePath ?? job.message.reversePath }
        for (path, recipients) in Dictionary(grouping: job.recipients, by: reversePath) {
            var options = job.message.options
            if path != job.message.reversePath {
                // Who wrote to a list asked for nothing in the name of its owner (RFC 3461 §5.2.7.2).
                (options.envelopeID, options.return) = (nil, nil)
            }
            let envelope = Envelope(reversePath: path, recipients: recipients.map(\.recipient), options: options)
            var attempt = RelayAttempt(
                envelope, content, endpoints: endpoints, pool: pool, connections: job.connections)
            let report = await attempt.run()
            for (recipient, outcome) in zip(recipients, report.outcomes) { outcomes[recipient.number] = outcome }
            if report.condition == .unreachable { condition = .unreachable }
        }
        return AgentReport(outcomes: job.recipients.compactMap { outcomes[$0.number] }, condition: condition)
    }

    private func hasBeenHereTooOften(_ content: MessageContent) async -> Bool {
        guard case .file = content.body else { return visits(of: content) >= Self.mostVisits }
        let count = try? await threads.runIfActive { visits(of: content) }
        return (count ?? 0) >= Self.mostVisits
    }

    private func visits(of content: MessageContent) -> Int {
        let count: (UnsafeRawBufferPointer) -> Int = { ReceivedTrace.count(by: host, in: $0) }
        let inPrefix = content.prefix.withUnsafeReadableBytes(count)
        return inPrefix + content.withFrontOfBody(atMost: ReceivedTrace.searchLimit, count)
    }
}

extension AgentReport {
    /// The same outcome for every recipient of a job.
    init(_ outcome: Outcome, for job: DeliveryJob, condition: Condition = .reachable) {
        self.init(outcomes: job.recipients.map { _ in outcome }, condition: condition)
    }
}

extension Outcome {
    fileprivate static let relayLoop = Outcome(
        .failed, status: .init(.permanentFailure, 4, 6),
        diagnostic: "The message has been here \(RelayAgent.mostVisits) times: a mail loop")
}
