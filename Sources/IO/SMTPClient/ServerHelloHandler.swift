import NIOCore
import SMTPCore

/// Sees which cipher suite the server chooses. It stands between the socket and TLS.
final class ServerHelloHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var reader = ServerHelloReader()

    var cipher: String? { reader.cipherSuite.map(TLSCipherSuite.name) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.receive(unwrapInboundIn(data))
        context.fireChannelRead(data)
        if reader.isDone { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }
}
