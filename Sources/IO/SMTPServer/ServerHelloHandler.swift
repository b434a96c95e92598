import NIOCore
import SMTPCore

/// Sees which cipher suite this server chooses. It stands between TLS and the socket.
final class ServerHelloHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var reader = ServerHelloReader()

    var cipher: String? { reader.cipherSuite.map(TLSCipherSuite.name) }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        reader.receive(unwrapOutboundIn(data))
        context.write(data, promise: promise)
    }

    /// Leaves behind a flush: one that follows a write in the same call would be lost with the handler.
    func flush(context: ChannelHandlerContext) {
        context.flush()
        if reader.isDone { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }
}
