import NIOCore
import NIOSSL
import NIOTLS
public import SMTPCore

extension SMTPDialogue {
    /// Encrypts the connection, behind the reply to STARTTLS or from its first octet on. Any certificate will do: whoever
    /// asked looks at it.
    ///
    /// - Parameters:
    ///   - host: what the server is asked to be (SNI); an address or nil says nothing.
    ///   - offer: which versions are spoken, and what the server is shown.
    /// - Throws: `SMTPError` saying why no handshake came about, or `CancellationError`.
    public func encrypt(
        as host: String?, offering offer: TLSOffer = TLSOffer(), within time: Duration
    ) async throws -> TLSHandshake {
        let promise = channel.eventLoop.makePromise(of: TLSHandshake.self)
        let channel = channel
        channel.eventLoop.execute {
            let context = TLSClientContext(.must, host: host, trust: .system)
            let listener = HandshakeListener(promise, within: TimeAmount(time))
            do {
                try context.addHandlers(to: channel.pipeline.syncOperations, before: listener, offering: offer)
            } catch {
                listener.fail("\(error)")
            }
        }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }
}

/// What a handshake came to of which nothing was checked.
public struct TLSHandshake: Sendable {
    public let session: TLSSession
    /// The certificates in DER form as the server sent them, its own first.
    public let certificates: [[UInt8]]
}

/// Waits for the end of a handshake, behind TLS in the pipeline.
final class HandshakeListener: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    /// What the server has shown so far.
    var certificates: [NIOSSLCertificate] = []
    var handlers: TLSClientHandlers?
    private let promise: EventLoopPromise<TLSHandshake>
    private let time: TimeAmount

    init(_ promise: EventLoopPromise<TLSHandshake>, within time: TimeAmount) {
        self.promise = promise
        self.time = time
    }

    func fail(_ text: String) {
        let failure = SessionFailure(stage: .startTLS, reason: .tls(TLSFailure.reason(in: text)))
        promise.fail(SMTPError(failure))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let promise = promise
        let timer = context.eventLoop.scheduleTask(in: time) {
            promise.fail(SMTPError(SessionFailure(stage: .startTLS, reason: .timedOut)))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted = event, let handlers else {
            return context.fireUserInboundEventTriggered(event)
        }
        promise.succeed(
            TLSHandshake(session: handlers.session, certificates: certificates.compactMap { try? $0.toDERBytes() }))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail("\(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(SMTPError(SessionFailure(stage: .startTLS, reason: .closedByServer)))
        context.fireChannelInactive()
    }
}
