public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import WebCore

/// Asks Web servers, over a connection for each question (HTTP/1.1).
public struct WebConnector: Sendable {
    /// Octets that the body of an answer may have.
    static let answerLimit = 64 * 1_024

    private let group: any EventLoopGroup
    private let trust: @Sendable () -> WebTrust
    private let patience: Duration

    /// - Parameters:
    ///   - trust: whom servers behind `https` are trusted by.
    ///   - patience: how long all of a question may take.
    public init(
        group: any EventLoopGroup, trust: @escaping @Sendable () -> WebTrust = { .system },
        patience: Duration = .seconds(30)
    ) {
        self.group = group
        self.trust = trust
        self.patience = patience
    }

    /// Asks, and gives the body of the answer.
    ///
    /// - Throws: `WebFailure` for anything but an answer with the status 200.
    public func post(_ post: WebPost, to address: WebAddress) async throws(WebFailure) -> [UInt8] {
        let deadline = NIODeadline.now() + TimeAmount(patience)
        let answer = group.next().makePromise(of: Result<[UInt8], WebFailure>.self)
        let channel: any Channel
        do {
            let context = address.isEncrypted ? try trust().context() : nil
            channel = try await ClientBootstrap(group: group).connectTimeout(TimeAmount(patience))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try Self.addHandlers(to: channel, context, post, address, answer)
                    }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            answer.succeed(.failure(.silent))
            throw NIODeadline.now() < deadline ? .unreachable("\(error)") : .silent
        }
        let timer = channel.eventLoop.scheduleTask(deadline: deadline) {
            // An end by the connection's could pass for one of the body.
            answer.succeed(.failure(.silent))
            channel.close(promise: nil)
        }
        let result = try? await answer.futureResult.get()
        timer.cancel()
        channel.close(promise: nil)
        return try (result ?? .failure(.silent)).get()
    }

    private static func addHandlers(
        to channel: any Channel, _ context: NIOSSLContext?, _ post: WebPost, _ address: WebAddress,
        _ answer: EventLoopPromise<Result<[UInt8], WebFailure>>
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let context {
            // An address is no name that could be asked for; the certificate must be for it all the same.
            let name = (try? SocketAddress(ipAddress: address.host, port: 0)) == nil ? address.host : nil
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
        }
        try pipeline.addHandler(HTTPRequestEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)))
        try pipeline.addHandler(WebAnswerHandler(post, to: address, answer))
    }
}
