public import NIOCore
import NIOPosix

/// Asks policy programs, over a connection for each question.
public struct PolicyConnector: Sendable {
    private let group: any EventLoopGroup
    private let patience: Duration

    /// - Parameter patience: how long a program may take to answer.
    public init(group: any EventLoopGroup, patience: Duration = .seconds(30)) {
        self.group = group
        self.patience = patience
    }

    /// Asks, and gives the answer.
    public func ask(_ request: PolicyRequest, at address: PolicyAddress) async throws(PolicyFailure) -> PolicyAnswer {
        let answer = group.next().makePromise(of: Result<PolicyAnswer, PolicyFailure>.self)
        let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(patience))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler(request, answer))
                }
            }
        let channel: any Channel
        do {
            switch address {
            case .tcp(let host, let port): channel = try await bootstrap.connect(host: host, port: port).get()
            case .unix(let path): channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        } catch {
            answer.succeed(.failure(.silent))
            throw .unreachable("\(error)")
        }
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(patience)) { channel.close(promise: nil) }
        let result = try? await answer.futureResult.get()
        timer.cancel()
        channel.close(promise: nil)
        return try (result ?? .failure(.silent)).get()
    }
}

/// Sends the request and takes the answer.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: PolicyRequest
    private let answer: EventLoopPromise<Result<PolicyAnswer, PolicyFailure>>
    private var reader = PolicyAnswerReader()

    init(_ request: PolicyRequest, _ answer: EventLoopPromise<Result<PolicyAnswer, PolicyFailure>>) {
        self.request = request
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(request.octets), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let result = reader.receive(unwrapInboundIn(data)) { answer.succeed(result) }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.succeed(.failure(.silent)) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
