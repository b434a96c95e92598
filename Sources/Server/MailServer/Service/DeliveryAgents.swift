import Delivery
import LocalMail
import MailCore
import MailDNS
import NIOCore
import NIOPosix
import QueueCore
import SMTPClient

/// Who brings mail to other systems: one agent for each kind of destination.
struct DeliveryAgents: Sendable {
    let lookup: DNSHostLookup
    private let relay: RelayAgent
    private let visitors: VisitAgent
    private let pipe: PipeAgent
    private let pool: SMTPConnectionPool
    /// Programs block theirs for minutes, and must not hold up mailboxes.
    private let programThreads = NIOThreadPool(numberOfThreads: 8)

    /// - Parameter tlsPolicy: how safe the way to a destination must be, as the configuration has it now.
    /// - Throws: `ResolverError` if names cannot be looked up as the configuration wants.
    init(
        _ configuration: ServerConfiguration, group: any EventLoopGroup, threads: NIOThreadPool,
        log: EventLog, visitors: VisitAgent, tlsPolicy: @escaping @Sendable (Destination) -> TLSPolicy
    ) throws(ResolverError) {
        self.visitors = visitors
        lookup = DNSHostLookup(
            resolver: try UnboundResolver(configuration.resolverSettings), policy: configuration.mailHostPolicy())
        pool = SMTPConnectionPool(
            configuration: configuration.clientConfiguration,
            limits: SMTPPoolLimits(connections: configuration.limits.deliveriesPerDestination), on: group,
            opened: { log.write($1, to: $0) })
        relay = RelayAgent(
            host: configuration.hostname, lookup: lookup, pool: pool, threads: threads, tlsPolicy: tlsPolicy)
        programThreads.start()
        pipe = PipeAgent(threads: programThreads)
    }

    func agent(for destination: Destination) -> any DeliveryAgent {
        if VisitAgent.serves(destination) { return visitors }
        return switch destination {
        case .mx, .host, .socket: relay
        case .program: pipe
        }
    }

    /// Ends the connections that wait for more mail, and the threads.
    func close() async {
        await pool.close()
        try? await programThreads.shutdownGracefully()
    }
}
