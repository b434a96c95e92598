import Glibc
public import MailCore
public import NIOCore
public import NIOPosix
public import SMTPCore

/// A connection to a mail server, for one message after another. Every wait has a deadline, and cancelling the task ends
/// the session.
///
/// With PIPELINING a second message may be sent while one is on its way: its commands then go out right behind the first
/// (RFC 2920 §3.1). With CHUNKING too, whole messages go out one behind another (RFC 3030 §4.2). If the session ends
/// before a message was begun, its result says so with a failure at the stage `idle`; if it had gone out, with one at
/// `endOfData`.
public final class SMTPConnection: Sendable {
    /// What the server offers.
    public let extensions: ServerExtensions
    /// How the session is encrypted; nil for one in clear.
    public let tls: TLSSession?
    /// Why the session is in clear though the policy and the server would have had it encrypted.
    public let tlsFailure: SMTPError?
    let channel: any Channel
    let driver: NIOLoopBound<ClientDriver>

    init(
        _ extensions: ServerExtensions, tls: TLSSession?, tlsFailure: SMTPError?, channel: any Channel,
        driver: NIOLoopBound<ClientDriver>
    ) {
        self.extensions = extensions
        self.tls = tls
        self.tlsFailure = tlsFailure
        self.channel = channel
        self.driver = driver
    }

    /// Connects, exchanges greeting and hello, and encrypts the session as `tls` wants it. With `.may` a server with
    /// which the handshake fails is connected to once more, in clear. A URL with implicit TLS leaves no choice: there
    /// `.off` and `.may` mean `.verify`.
    ///
    /// - Parameters:
    ///   - remoteHost: the server's name for outcomes, and the one its certificate has to be for; nil for the host of
    ///     `url`.
    ///   - tls: how safe the way must be.
    ///   - credentials: who logs in; nil to send without. Whoever logs in shows no password in clear, other than to this
    ///     machine itself, and where encryption fails there is no session.
    ///   - deadline: when all of it must be over; nil where each wait has only its own time.
    /// - Throws: `SMTPError`, or `CancellationError`.
    public static func connect(
        to url: SMTPURL, remoteHost: String? = nil, tls: TLSPolicy = .may, credentials: SMTPCredentials? = nil,
        configuration: SMTPClientConfiguration, deadline: ContinuousClock.Instant? = nil,
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> SMTPConnection {
        let tls = url.isImplicitTLS && [.off, .may].contains(tls) ? .verify : tls
        do {
            return try await begin(url, remoteHost, tls, credentials, configuration, deadline, group)
        } catch let error as SMTPError where tls == .may && credentials == nil && error.concernsTLS {
            return try await begin(url, remoteHost, .off, nil, configuration, deadline, group, after: error)
        } catch let error as SMTPError where tls == .verify && error.isUntrusted {
            guard let trust = configuration.trust.ofOwnCertificates else { throw error }
            var configuration = configuration
            configuration.trust = trust
            return try await begin(url, remoteHost, tls, credentials, configuration, deadline, group)
        }
    }

    private static func begin(
        _ url: SMTPURL, _ remoteHost: String?, _ tls: TLSPolicy, _ credentials: SMTPCredentials?,
        _ configuration: SMTPClientConfiguration,
        _ deadline: ContinuousClock.Instant?, _ group: any EventLoopGroup, after tlsFailure: SMTPError? = nil
    ) async throws -> SMTPConnection {
        let host = remoteHost ?? url.endpoint.host
        let machine = SMTPClientMachine(
            url.isLMTP ? .lmtp : .smtp, localName: configuration.localName, remoteHost: host,
            encryption: url.isImplicitTLS ? .implicit : tls.encryption,
            authentication: credentials.map { $0.authentication(at: url.endpoint) })
        var configuration = configuration
        if let deadline {
            configuration.connectTimeout = max(.zero, min(configuration.connectTimeout, deadline - .now))
        }
        let opened = try await open(
            url, machine, TLSClientContext(tls, host: host, trust: configuration.trust), configuration: configuration,
            on: group)
        let (channel, driver) = (opened.channel, opened.driver)
        let promise = channel.eventLoop.makePromise(of: ServerExtensions.self)
        let end = deadline.map(NIODeadline.init)
        let extensions = try await Self.wait(for: promise, driver: driver) { $0.whenReady(promise, until: end) }
        let session = try await channel.eventLoop.submit { driver.value.tlsSession }.get()
        return SMTPConnection(extensions, tls: session, tlsFailure: tlsFailure, channel: channel, driver: driver)
    }

    /// Sends a message.
    ///
    /// - Returns: what the server took; of several recipients it may have refused some.
    /// - Throws: `SMTPError` if it took the message for none of them, or `CancellationError`.
    public func send(_ envelope: Envelope, _ message: ByteBuffer) async throws -> SMTPReceipt {
        let result = try await deliver(envelope, message)
        guard result.outcomes.contains(where: { $0.action == .delivered }) else {
            throw SMTPError(result, envelope: envelope)
        }
        return SMTPReceipt(reply: result.reply, outcomes: result.outcomes)
    }

    /// Sends a message, and tells what became of each recipient, whatever it is.
    ///
    /// - Parameter deadline: when all of it must be over; the session ends if it is not.
    /// - Throws: `SMTPError` if the session had ended before, or `CancellationError`.
    public func deliver(
        _ envelope: Envelope, _ message: ByteBuffer, deadline: ContinuousClock.Instant? = nil
    ) async throws -> TransactionResult {
        let promise = channel.eventLoop.makePromise(of: TransactionResult.self)
        let (size, end) = (UInt64(message.readableBytes), deadline.map(NIODeadline.init))
        return try await Self.wait(for: promise, driver: driver) {
            $0.begin(envelope, size: size, content: .memory(message), until: end, result: promise)
        }
    }

    /// Sends a message that comes in pieces; the next one is asked for when the one before has been written.
    ///
    /// - Parameters:
    ///   - size: the octets of all pieces, where they are known.
    ///   - pieces: asked for only if the server takes a recipient. If it throws, the message is not sent.
    ///   - isText: whether they are lines that end with CRLF, the last one too, without a NUL: then the message goes with
    ///     BDAT where the server offers CHUNKING, as long as `size` is known.
    ///   - deadline: when all of it must be over; the session ends if it is not.
    /// - Throws: `SMTPError` if the session had ended before, or `CancellationError`.
    public func deliver(
        _ envelope: Envelope, size: UInt64?, pieces: some AsyncSequence<ByteBuffer, any Error> & Sendable,
        isText: Bool = false, deadline: ContinuousClock.Instant? = nil
    ) async throws -> TransactionResult {
        let promise = channel.eventLoop.makePromise(of: TransactionResult.self)
        let wanted = channel.eventLoop.makePromise(of: Bool.self)
        let end = deadline.map(NIODeadline.init)
        async let result = Self.wait(for: promise, driver: driver) {
            $0.begin(
                envelope, size: size, content: .stream(wanted: wanted, isText: isText), until: end, result: promise)
        }
        if try await wanted.futureResult.get() { await write(pieces) }
        return try await result
    }

    /// Whether another message may be sent; what the server says meanwhile may end that at any time.
    public var isOpen: Bool { channel.isActive }

    /// Says QUIT, and returns when the connection is closed.
    public func quit() async {
        perform { $0.quit() }
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()
        } onCancel: {
            close()
        }
    }

    /// Closes the connection without a word; what is in progress ends with it.
    public func close() {
        perform { $0.abandon("the connection was closed on this side") }
    }

    private func write(_ pieces: some AsyncSequence<ByteBuffer, any Error> & Sendable) async {
        do {
            for try await piece in pieces {
                let written = channel.eventLoop.makePromise(of: Void.self)
                perform { $0.append(piece, written: written) }
                try await written.futureResult.get()
            }
            perform { $0.endContent() }
        } catch {
            perform { $0.abandon("the message cannot be read or sent: \(error)") }
        }
    }

    private func perform(_ operation: @escaping @Sendable (ClientDriver) -> Void) {
        let driver = driver
        channel.eventLoop.execute { operation(driver.value) }
    }
}

// MARK: - Connecting and waiting

extension SMTPConnection {
    private struct Opened: Sendable {
        let channel: any Channel
        let driver: NIOLoopBound<ClientDriver>
    }

    private static func open(
        _ url: SMTPURL, _ machine: SMTPClientMachine, _ tls: TLSClientContext, configuration: SMTPClientConfiguration,
        on group: any EventLoopGroup
    ) async throws -> Opened {
        let initialize: @Sendable (any Channel) -> EventLoopFuture<Opened> = { channel in
            channel.eventLoop.makeCompletedFuture {
                try attach(machine, tls, to: channel, configuration: configuration)
            }
        }
        do {
            try Task.checkCancellation()
            return try await cancellable(on: group.next()) {
                try await ClientBootstrap(group: group)
                    .connectTimeout(TimeAmount(configuration.connectTimeout))
                    .channelOption(.socketOption(.so_keepalive), value: 1)
                    .connect(to: url.endpoint, channelInitializer: initialize)
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw SMTPError(connecting: url.endpoint, to: reason(of: error))
        }
    }

    /// Waits for a connection no longer than the task goes on. One that comes about too late is closed.
    private static func cancellable(
        on loop: any EventLoop, connect: @escaping @Sendable () async throws -> Opened
    ) async throws -> Opened {
        let connecting = loop.makePromise(of: Opened.self)
        let waiting = loop.makePromise(of: Opened.self)
        connecting.futureResult.cascade(to: waiting)
        Task {
            do { connecting.succeed(try await connect()) } catch { connecting.fail(error) }
        }
        return try await withTaskCancellationHandler {
            try await waiting.futureResult.get()
        } onCancel: {
            waiting.fail(CancellationError())
            connecting.futureResult.whenSuccess { $0.channel.close(promise: nil) }
        }
    }

    private static func attach(
        _ machine: SMTPClientMachine, _ tls: TLSClientContext, to channel: any Channel,
        configuration: SMTPClientConfiguration
    ) throws -> Opened {
        let driver = ClientDriver(machine, tls: tls, configuration: configuration)
        try channel.pipeline.syncOperations.addHandler(driver)
        return Opened(channel: channel, driver: NIOLoopBound(driver, eventLoop: channel.eventLoop))
    }

    static func reason(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? "the name cannot be resolved"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout(let time): "no answer within \(time.nanoseconds / 1_000_000_000) s"
        default: "\(error)"
        }
    }

    /// Starts an operation and waits for its promise. Cancellation ends the session, and so keeps the promise.
    static func wait<Value: Sendable>(
        for promise: EventLoopPromise<Value>, driver: NIOLoopBound<ClientDriver>,
        start: @escaping @Sendable (ClientDriver) -> Void
    ) async throws -> Value {
        let loop = promise.futureResult.eventLoop
        let result = await withTaskCancellationHandler {
            loop.execute { start(driver.value) }
            return await promise.futureResult.result()
        } onCancel: {
            loop.execute { driver.value.cancel(promise.futureResult) }
        }
        try Task.checkCancellation()
        return try result.get()
    }
}

extension EventLoopFuture where Value: Sendable {
    fileprivate func result() async -> Result<Value, any Error> {
        do { return .success(try await get()) } catch { return .failure(error) }
    }
}

extension ClientBootstrap {
    func connect<Output: Sendable>(
        to endpoint: SMTPURL.Endpoint,
        channelInitializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Output>
    ) async throws -> Output {
        switch endpoint {
        case .host(let host, let port) where IPAddress(host) != nil:
            let address = try SocketAddress(ipAddress: host, port: port)
            return try await connect(to: address, channelInitializer: channelInitializer)
        case .host(let host, let port):
            return try await connect(host: host, port: port, channelInitializer: channelInitializer)
        case .unix(let path):
            return try await connect(unixDomainSocketPath: path, channelInitializer: channelInitializer)
        }
    }
}

extension NIODeadline {
    fileprivate init(_ instant: ContinuousClock.Instant) {
        self = .now() + TimeAmount(instant - .now)
    }
}

extension SMTPURL.Endpoint {
    /// The host's name; none for a socket of this machine.
    fileprivate var host: String? {
        if case .host(let host, _) = self { host } else { nil }
    }
}
