import Glibc
import MailSASL
import NIOCore

/// Drives the machine of one exchange on its channel.
final class DovecotAuthHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var machine: DovecotAuthMachine
    private let patience: TimeAmount
    private var context: ChannelHandlerContext?
    /// What the machine said last and nobody has taken.
    private var answer: DovecotAuthAnswer?
    private var waiting: EventLoopPromise<DovecotAuthAnswer>?
    private var timer: Scheduled<Void>?

    init(_ request: DovecotAuthRequest, patience: TimeAmount) {
        machine = DovecotAuthMachine(request, process: getpid())
        self.patience = patience
    }

    /// Promises the next answer.
    ///
    /// - Parameter response: what the client said to a challenge; nil before the first.
    func expect(_ promise: EventLoopPromise<DovecotAuthAnswer>, after response: [UInt8]?) {
        waiting = promise
        if let response, answer == nil { machine.respond(response) }
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: patience) { [self] in
            machine.ended()
            pump()
        }
        pump()
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        pump()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        machine.receive(unwrapInboundIn(data).readableBytesView)
        pump()
    }

    func channelInactive(context: ChannelHandlerContext) {
        machine.ended()
        pump()
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func pump() {
        while let action = machine.next() {
            switch action {
            case .send(let octets):
                context?.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)), promise: nil)
            case .challenge(let challenge): answer = .challenge(challenge)
            case .succeeded(let user): end(.succeeded(user: user))
            case .failed(let failure): end(.failed(failure))
            }
        }
        guard let answer, let waiting else { return }
        (self.answer, self.waiting) = (nil, nil)
        timer?.cancel()
        waiting.succeed(answer)
    }

    private func end(_ answer: DovecotAuthAnswer) {
        self.answer = answer
        context?.close(promise: nil)
    }
}
