public import NIOCore
import NIOPosix
public import WebCore

/// Asks policy programs, over a connection for each question.
public struct PolicyConnector: Sendable {
    /// Sends a body of JSON to an address of the Web by POST, and gives the body of the answer.
    public typealias Post = @Sendable (WebAddress, [UInt8]) async throws(PolicyFailure) -> [UInt8]

    /// Octets that an answer may have.
    private static let answerLimit = 16 * 1_024

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
        let answer: PolicyAnswer?
        switch address {
        case .web(let address): answer = PolicyAnswer(body: try await post(address, request.json))
        case .tcp(let host, let port):
            answer = PolicyAnswer(
                lines: try await lines(answering: request) { try await $0.connect(host: host, port: port).get() })
        case .unix(let path):
            answer = PolicyAnswer(
                lines: try await lines(answering: request) { try await $0.connect(unixDomainSocketPath: path).get() })
        }
        guard let answer else { throw .unreadable }
        return answer
    }

    private func lines(
        answering request: PolicyRequest, connect: (ClientBootstrap) async throws -> any Channel
    ) async throws(PolicyFailure) -> [String] {
        let deadline = NIODeadline.now() + TimeAmount(patience)
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
            channel = try await connect(bootstrap)
        } catch {
            answer.succeed(nil)
            throw NIODeadline.now() < deadline ? .unreachable("\(error)") : .silent
        }
        let timer = channel.eventLoop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
        let lines = try? await answer.futureResult.get() ?? nil
        timer.cancel()
        channel.close(promise: nil)
        guard let lines else { throw .silent }
        return lines
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
