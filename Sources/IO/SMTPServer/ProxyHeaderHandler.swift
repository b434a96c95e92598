import MailCore
import NIOCore
import SMTPCore

/// Waits for the PROXY header of a connection, and then leaves it to the session. Nobody is answered before.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    /// How long a proxy may take to say who is behind it.
    private static let patience = TimeAmount.seconds(10)

    private let reader = ProxyHeaderReader()
    private var input = ByteBuffer()
    private var timer: Scheduled<Void>?
    private let begin: (ProxyHeaderReader.Result) throws -> Void
    private let refused: (ProxyRefusal) -> Void

    /// - Parameters:
    ///   - begin: puts the handlers of the session into the pipeline; called once, on the event loop, and never with
    ///     `.malformed`.
    ///   - refused: hears why there is no session.
    init(
        begin: @escaping (ProxyHeaderReader.Result) throws -> Void, refused: @escaping (ProxyRefusal) -> Void
    ) {
        self.begin = begin
        self.refused = refused
    }

    func channelActive(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { self.refuse(context, .noHeader) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var octets = unwrapInboundIn(data)
        input.writeBuffer(&octets)
        switch reader.next(from: &input) {
        case nil: return
        case .malformed: refuse(context, .badHeader)
        case let result?: leave(context, result)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { refuse(context, .noHeader) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    private func refuse(_ context: ChannelHandlerContext, _ refusal: ProxyRefusal) {
        timer?.cancel()
        refused(refusal)
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    /// What has come behind the header is the client's, and comes to the session as if it came only now.
    private func leave(_ context: ChannelHandlerContext, _ result: ProxyHeaderReader.Result) {
        let (channel, pipeline) = (context.channel, context.pipeline)
        pipeline.syncOperations.removeHandler(self, promise: nil)
        do { try begin(result) } catch { return channel.close(promise: nil) }
        pipeline.fireChannelActive()
        if input.readableBytes > 0 {
            pipeline.syncOperations.fireChannelRead(NIOAny(input))
            pipeline.fireChannelReadComplete()
        }
    }
}
