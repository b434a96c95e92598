public import MailSASL
public import NIOCore
import NIOPosix

/// Dovecot's authentication service at its UNIX socket. Each exchange has a connection of its own.
public struct DovecotAuthService: Sendable {
    private let group: any EventLoopGroup
    private let path: String
    private let patience: Duration

    /// - Parameters:
    ///   - path: of the socket, such as `/run/dovecot/auth-client`.
    ///   - patience: how long the service may take for each answer.
    public init(group: any EventLoopGroup, path: String, patience: Duration = .seconds(30)) {
        self.group = group
        self.path = path
        self.patience = patience
    }

    /// Begins an exchange.
    ///
    /// - Returns: nil where nobody listens at the socket.
    public func begin(_ request: DovecotAuthRequest) async -> DovecotAuthExchange? {
        let loop = group.next()
        let patience = TimeAmount(patience)
        let made = loop.submit { NIOLoopBound(DovecotAuthHandler(request, patience: patience), eventLoop: loop) }
        guard let handler = try? await made.get() else { return nil }
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(patience)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
        guard let channel = try? await bootstrap.connect(unixDomainSocketPath: path).get() else { return nil }
        return DovecotAuthExchange(channel: channel, handler: handler)
    }
}
