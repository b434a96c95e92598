public import NIOCore
import NIOPosix
public import WebCore

/// Asks policy programs, over a connection for each question.
public struct PolicyConnector: Sendable {
    /// Sends a body of JSON to an address of the Web by POST, and gives the body of the answer.
    public typealias Post = @Sendable (WebAddress, [UInt8]) async throws(PolicyFailure) -> [UInt8]

    private let group: any EventLoopGroup
    private let post: Post
    private let patience: Duration

    /// - Parameters:
    ///   - post: asks those that listen on the Web; it comes to an end by itself.
    ///   - patience: how long any other program may take to answer.
    public init(group: any EventLoopGroup, post: @escaping Post, patience: Duration = .seconds(30)) {
        self.group = group
        self.post = post
        self.patience = patience
    }

    /// Asks, and gives the answer.
    public func ask(_ request: PolicyRequest, at address: PolicyAddress) async throws(PolicyFailure) -> PolicyAnswer {
        switch address {
        case .web(let address):
            guard let answer = PolicyAnswer(body: try await post(address, request.json)) else { throw .unreadable }
            return answer
        case .tcp(let host, let port):
            return try await answer(to: request) { try await $0.connect(host: host, port: port).get() }
        case .unix(let path):
            return try await answer(to: request) { try await $0.connect(unixDomainSocketPath: path).get() }
        }
    }

    private func answer(
        to request: PolicyRequest, connect: (ClientBootstrap) async throws -> any Channel
    ) async throws(PolicyFailure) -> PolicyAnswer {
        let deadline = NIODeadline.now() + TimeAmount(patience)
        let answer = group.next().makePromise(of: Result<PolicyAnswer, PolicyFailure>.self)
        let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(patience))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler(request, answer))
                }
            }
        let channel: any Channel
        do {
            channel = try await connect(bootstrap)
        } catch {
            answer.succeed(.failure(.silent))
            throw NIODeadline.now() < deadline ? .unreachable("\(error)") : .silent
        }
        let timer = channel.eventLoop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
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
