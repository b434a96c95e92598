public import MailCore
import NIOConcurrencyHelpers
public import NIOCore
import NIOPosix
public import SMTPCore

/// Listens at one endpoint and runs a session for each who connects.
public final class SMTPListener: Sendable {
    /// Makes the one who decides for a session, on the session's event loop.
    public typealias DelegateFactory = @Sendable (SMTPPeer) -> any SMTPSessionDelegate
    /// Gives the certificates for a session that begins now.
    public typealias TLSProvider = @Sendable () -> TLSServerContext?

    public let configuration: SMTPListenerConfiguration
    private let group: any EventLoopGroup
    private let ledger: ConnectionLedger
    private let isTrusted: @Sendable (IPAddress) -> Bool
    private let makeDelegate: DelegateFactory
    private let cutOff: @Sendable (SMTPPeer, ProxyRefusal) -> Void
    private let tls: TLSProvider
    private let mailboxes: [ObjectIdentifier: LoopMailbox]
    private let connections = NIOLockedValueBox(Connections())

    private struct Connections {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isShuttingDown = false
    }

    private let server = NIOLockedValueBox<(any Channel)?>(nil)

    /// - Parameters:
    ///   - ledger: counts the connections; shared by all listeners of a server.
    ///   - isTrusted: whether an address is free of the limits for one address and one network.
    ///   - tls: asked once for each session; without certificates a session has no TLS, and where the handshake should
    ///     come first there is none.
    ///   - cutOff: hears of peers at a listener for proxies who get no session.
    public init(
        _ configuration: SMTPListenerConfiguration, group: any EventLoopGroup, ledger: ConnectionLedger,
        isTrusted: @escaping @Sendable (IPAddress) -> Bool, tls: @escaping TLSProvider = { nil },
        cutOff: @escaping @Sendable (SMTPPeer, ProxyRefusal) -> Void = { _, _ in },
        makeDelegate: @escaping DelegateFactory
    ) {
        self.configuration = configuration
        self.group = group
        self.ledger = ledger
        self.isTrusted = isTrusted
        self.makeDelegate = makeDelegate
        self.cutOff = cutOff
        self.tls = tls
        mailboxes = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map { (ObjectIdentifier($0), LoopMailbox(eventLoop: $0)) })
    }

    /// Begins to listen.
    ///
    /// - Parameter socket: one that listens at the endpoint already, and is this listener's from here on.
    /// - Returns: where, with the port that was chosen if the configuration left it open.
    public func bind(inheriting socket: CInt? = nil) async throws -> SMTPListenerConfiguration.Endpoint {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPauseHandler())
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.recvAllocator, value: ReadBufferSizing())
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.begin(on: channel) }
            }
        let channel: any Channel
        switch (configuration.endpoint, socket) {
        case (_, let socket?): channel = try await bootstrap.withBoundSocket(socket).get()
        case (.ip(let address, let port), nil):
            channel = try await bootstrap.bind(host: address.description, port: port).get()
        case (.unix(let path), nil):
            channel = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        }
        server.withLockedValue { $0 = channel }
        guard case .ip(let address, _) = configuration.endpoint, let port = channel.localAddress?.port else {
            return configuration.endpoint
        }
        return .ip(address, port: port)
    }

    /// Takes no new connection, lets transactions finish and then ends their sessions; returns when none is left.
    ///
    /// - Parameter grace: how long transactions may take.
    public func shutDown(grace: Duration) async {
        try? await server.withLockedValue { $0 }?.close()
        connections.withLockedValue { $0.isShuttingDown = true }
        tell(.shutDown)
        await waitForConnections(until: .now() + TimeAmount(grace))
        tell(.end(shuttingDown))
        await waitForConnections(until: .now() + .seconds(1))
        for channel in connections.withLockedValue({ Array($0.channels.values) }) { channel.close(promise: nil) }
        await waitForConnections(until: .now() + .seconds(1))
    }

    /// The connections there are.
    public var connectionCount: Int { connections.withLockedValue(\.channels.count) }

    private func waitForConnections(until deadline: NIODeadline) async {
        while connectionCount > 0, NIODeadline.now() < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func tell(_ event: SMTPListenerEvent) {
        for channel in connections.withLockedValue({ Array($0.channels.values) }) {
            channel.pipeline.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: One connection

    private func begin(on channel: any Channel) throws {
        let peer = peer(of: channel)
        guard !configuration.proxies.isEmpty else { return try begin(on: channel, peer) }
        if let address = peer.address, !configuration.proxies.contains(where: { $0.contains(address) }) {
            cutOff(peer, .notAProxy)
            return try channel.pipeline.syncOperations.addHandler(TurnAwayHandler(reply: nil))
        }
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        try channel.pipeline.syncOperations.addHandler(
            ProxyHeaderHandler(
                begin: { [unowned channel] result in
                    guard case .client(let address, let port) = result else {
                        return try bound.value.begin(on: channel, peer)
                    }
                    let client = SMTPPeer(address: address, port: Int(port), listener: peer.listener)
                    try bound.value.begin(on: channel, client)
                }, refused: { [cutOff] in cutOff(peer, $0) }))
    }

    private func begin(on channel: any Channel, _ peer: SMTPPeer) throws {
        let trusted = peer.address.map(isTrusted) ?? true
        if let refusal = ledger.enter(peer.address, isTrusted: trusted) {
            return try turnAway(channel, with: reply(to: refusal))
        }
        // Whoever was accepted while the listener closed would not hear that it shuts down.
        let isTaken = connections.withLockedValue { connections in
            if !connections.isShuttingDown { connections.channels[ObjectIdentifier(channel)] = channel }
            return !connections.isShuttingDown
        }
        channel.closeFuture.whenComplete { _ in
            self.ledger.leave(peer.address)
            self.connections.withLockedValue { $0.channels[ObjectIdentifier(channel)] = nil }
        }
        guard isTaken else { return try turnAway(channel, with: shuttingDown) }
        guard let mailbox = mailboxes[ObjectIdentifier(channel.eventLoop)] else {
            preconditionFailure("the channel runs on an event loop of another group")
        }
        let context = configuration.encryption == .off ? nil : tls()
        if configuration.encryption == .implicit, context == nil { return try turnAway(channel, with: nil) }
        let handler = SMTPConnectionHandler(
            configuration: configuration, delegate: makeDelegate(peer), mailbox: mailbox, tls: context)
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// Serves a session on a connection that was made from here: its roles have changed.
    ///
    /// - Parameters:
    ///   - channel: on an event loop of this listener's group, with nothing in it but TLS; it may have been told not to read.
    ///   - session: how it is encrypted; nil for one in clear.
    public func serve(_ channel: any Channel, encrypted session: TLSSession?) async throws {
        try await channel.eventLoop.submit { try self.adopt(channel, session) }.get()
    }

    private func adopt(_ channel: any Channel, _ session: TLSSession?) throws {
        let peer = peer(of: channel)
        let isTaken = connections.withLockedValue { connections in
            if !connections.isShuttingDown { connections.channels[ObjectIdentifier(channel)] = channel }
            return !connections.isShuttingDown
        }
        guard isTaken, channel.isActive else { throw ChannelError.ioOnClosedChannel }
        channel.closeFuture.whenComplete { _ in
            self.connections.withLockedValue { $0.channels[ObjectIdentifier(channel)] = nil }
        }
        guard let mailbox = mailboxes[ObjectIdentifier(channel.eventLoop)] else {
            preconditionFailure("the channel runs on an event loop of another group")
        }
        try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        defer { try? channel.syncOptions?.setOption(.autoRead, value: true) }
        let handler = SMTPConnectionHandler(
            configuration: configuration, delegate: makeDelegate(peer), mailbox: mailbox, isEncrypted: session != nil)
        try channel.pipeline.syncOperations.addHandler(handler)
        handler.begin(encrypted: session)
    }

    /// - Parameter reply: not said where the peer waits for a handshake.
    private func turnAway(_ channel: any Channel, with reply: SMTPReply?) throws {
        let reply = configuration.encryption == .implicit ? nil : reply
        try channel.pipeline.syncOperations.addHandler(TurnAwayHandler(reply: reply))
    }

    private var shuttingDown: SMTPReply {
        let status = EnhancedStatusCode(.persistentTransientFailure, 3, 2)
        return SMTPReply(421, status, "\(configuration.machine.hostname) Shutting down; goodbye")
    }

    private func peer(of channel: any Channel) -> SMTPPeer {
        let remote = channel.remoteAddress
        return SMTPPeer(
            address: remote?.ipAddress.flatMap { IPAddress($0) }, port: remote?.port, listener: configuration.name)
    }

    private func reply(to refusal: ConnectionLedger.Refusal) -> SMTPReply {
        let text =
            switch refusal {
            case .tooMany: "Too many connections; try again later"
            case .tooManyFromAddress: "Too many connections from your address; try again later"
            case .tooManyFromNetwork: "Too many connections from your network; try again later"
            }
        let status = EnhancedStatusCode(.persistentTransientFailure, 7, 0)
        return SMTPReply(421, status, "\(configuration.machine.hostname) \(text)")
    }
}
