import MailCore
public import NIOCore
public import SMTPCore

/// Connections whose roles change: TURN (RFC 821 §3.8), ATRN (RFC 2645), and ETRN, which only asks.
extension SMTPConnection {
    /// Asks the server to deliver what it keeps, by connections of its own (RFC 1985).
    ///
    /// - Returns: what the server says, be it no.
    /// - Throws: `SMTPError` if the session has ended, or `CancellationError`.
    public func start(_ request: QueueRequest) async throws -> SMTPReply { try await ask(.start(request)) }

    /// Asks the server to become the client.
    ///
    /// - Returns: the channel, on which whoever asked is the server now, with nothing in it but TLS; nil if the server
    ///   will not, and why. The session then goes on.
    /// - Throws: `SMTPError` if the session has ended, or `CancellationError`.
    public func turn(_ request: TurnRequest) async throws -> (channel: (any Channel)?, reply: SMTPReply) {
        let reply = try await ask(.turn(request))
        return (reply.severity == .positiveCompletion ? channel : nil, reply)
    }

    private func ask(_ request: MailRequest) async throws -> SMTPReply {
        let promise = channel.eventLoop.makePromise(of: SMTPReply.self)
        return try await Self.wait(for: promise, driver: driver) { $0.ask(request, reply: promise) }
    }

    /// Becomes the client on a connection whose roles have changed: waits for the greeting, and says hello.
    ///
    /// - Parameters:
    ///   - channel: the connection, with nothing in it but TLS; it may have been told not to read.
    ///   - remoteHost: the other side's name for outcomes.
    ///   - session: how the connection is encrypted; nil for one in clear.
    /// - Throws: `SMTPError`, `ChannelError`, or `CancellationError`.
    public static func take(
        over channel: any Channel, remoteHost: String?, encrypted session: TLSSession?,
        configuration: SMTPClientConfiguration
    ) async throws -> SMTPConnection {
        let machine = SMTPClientMachine(
            localName: configuration.localName, remoteHost: remoteHost, isEncrypted: session != nil)
        let tls = TLSClientContext(.off, host: remoteHost, trust: configuration.trust)
        let driver = try await channel.eventLoop.submit {
            let driver = ClientDriver(machine, tls: tls, tlsSession: session, configuration: configuration)
            guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
            try channel.pipeline.syncOperations.addHandler(driver)
            try channel.syncOptions?.setOption(.autoRead, value: true)
            return NIOLoopBound(driver, eventLoop: channel.eventLoop)
        }.get()
        let promise = channel.eventLoop.makePromise(of: ServerExtensions.self)
        let extensions = try await wait(for: promise, driver: driver) { $0.whenReady(promise, until: nil) }
        return SMTPConnection(extensions, tls: session, tlsFailure: nil, channel: channel, driver: driver)
    }
}
