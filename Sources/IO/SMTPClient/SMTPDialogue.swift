public import NIOCore
public import NIOPosix
public import SMTPCore

/// A session with a mail server that is spoken by hand: whoever holds it says what is sent and when, and reads the
/// replies. It is for probes and lessons; mail is sent with `SMTPConnection`, which keeps to the rules.
public final class SMTPDialogue: Sendable {
    let channel: any Channel
    private let listener: NIOLoopBound<ReplyListener>

    private init(channel: any Channel, listener: NIOLoopBound<ReplyListener>) {
        self.channel = channel
        self.listener = listener
    }

    private struct Opened: Sendable {
        let channel: any Channel
        let listener: NIOLoopBound<ReplyListener>
    }

    /// Connects, and says nothing.
    ///
    /// - Throws: `SMTPError`, or `CancellationError`.
    public static func connect(
        to endpoint: SMTPURL.Endpoint, timeout: Duration = .seconds(30),
        on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> SMTPDialogue {
        let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(timeout))
        do {
            try Task.checkCancellation()
            let opened = try await bootstrap.connect(to: endpoint, channelInitializer: open)
            return SMTPDialogue(channel: opened.channel, listener: opened.listener)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw SMTPError(connecting: endpoint, to: SMTPConnection.reason(of: error))
        }
    }

    /// Begins on a socket that is connected already, with a program of this machine for instance, and takes it over.
    ///
    /// - Throws: `SMTPError` where it is no socket.
    public static func take(
        socket: CInt, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> SMTPDialogue {
        do {
            let opened = try await ClientBootstrap(group: group).withConnectedSocket(socket, channelInitializer: open)
            return SMTPDialogue(channel: opened.channel, listener: opened.listener)
        } catch {
            throw SMTPError(connecting: .unix("a socket"), to: SMTPConnection.reason(of: error))
        }
    }

    private static func open(_ channel: any Channel) -> EventLoopFuture<Opened> {
        channel.eventLoop.makeCompletedFuture {
            let listener = ReplyListener()
            try channel.pipeline.syncOperations.addHandler(listener)
            return Opened(channel: channel, listener: NIOLoopBound(listener, eventLoop: channel.eventLoop))
        }
    }

    /// Sends octets as they are. What the server no longer takes is lost: its reply, or the lack of one, tells.
    public func send(_ octets: ByteBuffer) {
        channel.writeAndFlush(octets, promise: nil)
    }

    /// The next reply. The dialogue may go on after a wait that was in vain.
    ///
    /// - Parameter stage: what the wait is for, for the error.
    /// - Throws: `SessionFailure` where the server closes, lets the time pass or says what is no reply; or
    ///   `CancellationError`.
    public func reply(within time: Duration, at stage: SMTPStage) async throws -> SMTPReply {
        let promise = channel.eventLoop.makePromise(of: SMTPReply.self)
        let (loop, listener) = (channel.eventLoop, listener)
        return try await withTaskCancellationHandler {
            loop.execute { listener.value.wait(promise, at: stage, within: TimeAmount(time)) }
            return try await promise.futureResult.get()
        } onCancel: {
            loop.execute { listener.value.giveUp() }
        }
    }

    /// What the server said without being asked, such as that it waited too long; nil if nothing.
    public func unaskedReply() async -> SMTPReply? {
        let listener = listener
        return try? await channel.eventLoop.submit { listener.value.unread() }.get()
    }

    /// Whether the connection stands, as far as this side knows.
    public var isOpen: Bool { channel.isActive }

    /// Closes the connection without a word.
    public func close() async {
        try? await channel.close()
    }
}
