import NIOCore
import NIOHTTP1
import NIOSSL
import WebCore

/// Sends one question and gathers its answer.
final class WebAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let post: WebPost
    private let address: WebAddress
    private let answer: EventLoopPromise<Result<[UInt8], WebFailure>>
    private var body: [UInt8] = []

    init(_ post: WebPost, to address: WebAddress, _ answer: EventLoopPromise<Result<[UInt8], WebFailure>>) {
        self.post = post
        self.address = address
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: address.path)
        head.headers = [
            "Host": address.authority, "User-Agent": "martlet", "Accept": post.accepts, "Content-Type": post.type,
            "Content-Length": "\(post.body.count)", "Connection": "close",
        ]
        if let authorization = post.authorization { head.headers.add(name: "Authorization", value: authorization) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: post.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.status.code != 200 { end(context, .failure(.status(Int(head.status.code)))) }
        case .body(let piece):
            body += piece.readableBytesView
            if body.count > WebConnector.answerLimit { end(context, .failure(.unreadable)) }
        case .end: end(context, .success(body))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.succeed(.failure(.silent)) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, .failure(WebFailure(error)))
    }

    private func end(_ context: ChannelHandlerContext, _ result: Result<[UInt8], WebFailure>) {
        answer.succeed(result)
        context.close(promise: nil)
    }
}

extension WebFailure {
    /// What went wrong on a connection that stands.
    fileprivate init(_ error: any Error) {
        switch error {
        case NIOSSLError.uncleanShutdown: self = .silent
        case is HTTPParserError: self = .unreadable
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .unreachable("\(error)")
        default: self = .silent
        }
    }
}
