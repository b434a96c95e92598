import NIOCore
import SMTPCore

/// Answers a connection that is not taken with one reply, or none, and closes it.
final class TurnAwayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reply: SMTPReply?

    init(reply: SMTPReply?) {
        self.reply = reply
    }

    func channelActive(context: ChannelHandlerContext) {
        if let reply {
            var buffer = ByteBuffer()
            reply.write(to: &buffer)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
        context.close(promise: nil)
    }
}
