public import NIOCore
import NIOPosix

/// Asks policy programs, over a connection for each question.
public struct PolicyConnector: Sendable {
    /// Octets that an answer may have.
    private static let answerLimit = 16 * 1_024

    private let group: any EventLoopGroup
    private let patience: Duration

    /// - Parameter patience: how long a program may take to answer.
    public init(group: any EventLoopGroup, patience: Duration = .seconds(30)) {
        self.group = group
        self.patience = patience
    }

    /// Asks, and gives the answer.
    public func ask(_ request: PolicyRequest, at address: PolicyAddress) async throws(PolicyFailure) -> PolicyAnswer {
        let answer = group.next().makePromise(of: [String]?.self)
        let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(patience))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = AnswerHandler(request, answer, limit: Self.answerLimit)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel: any Channel
        do {
            switch address {
            case .tcp(let host, let port): channel = try await bootstrap.connect(host: host, port: port).get()
            case .unix(let path): channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        } catch {
            answer.succeed(nil)
            throw .unreachable("\(error)")
        }
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(patience)) { channel.close(promise: nil) }
        let lines = try? await answer.futureResult.get() ?? nil
        timer.cancel()
        channel.close(promise: nil)
        guard let lines else { throw .silent }
        guard let answer = PolicyAnswer(lines: lines) else { throw .unreadable }
        return answer
    }
}

/// Sends the request and gathers the lines of the answer.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: PolicyRequest
    private let answer: EventLoopPromise<[String]?>
    private let limit: Int
    private var input = ByteBuffer()

    init(_ request: PolicyRequest, _ answer: EventLoopPromise<[String]?>, limit: Int) {
        self.request = request
        self.answer = answer
        self.limit = limit
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(request.octets), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        input.writeImmutableBuffer(unwrapInboundIn(data))
        let text = input.readableBytesView
        if let end = text.firstRange(of: "\n\n".utf8) {
            let lines = text[..<end.lowerBound].split(separator: UInt8(ascii: "\n"))
            answer.succeed(lines.map { String(decoding: $0, as: UTF8.self) })
        } else if input.readableBytes > limit {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.succeed(nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
