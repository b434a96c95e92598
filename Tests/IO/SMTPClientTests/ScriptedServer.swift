import NIOCore
import NIOPosix
import SMTPClient
import Synchronization

/// A server on the loopback that says what a test tells it to.
final class ScriptedServer: Sendable {
    /// What the server says, and what it waits for before.
    enum Step: Sendable {
        /// Says this, once all before it is done.
        case say(String)
        /// Waits until this has come.
        case hear(String)
        case close
    }

    let url: SMTPURL
    /// Everything that clients have sent.
    let heard: SharedText
    private let channel: any Channel

    /// - Parameter socket: a path, to listen there and not on a port.
    init(_ steps: [Step], isLMTP: Bool = false, socket: String? = nil) async throws {
        let heard = SharedText()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(steps, heard: heard))
                }
            }
        if let socket {
            channel = try await bootstrap.bind(unixDomainSocketPath: socket).get()
            url = SMTPURL(.unix(socket), isLMTP: isLMTP)
        } else {
            channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            url = SMTPURL(.host("127.0.0.1", port: channel.localAddress?.port ?? 0), isLMTP: isLMTP)
        }
        self.heard = heard
    }

    func stop() async throws { try await channel.close() }
}

/// Text that several threads add to.
final class SharedText: Sendable {
    private let storage = Mutex("")

    var text: String { storage.withLock { $0 } }

    func add(_ text: String) { storage.withLock { $0 += text } }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var steps: ArraySlice<ScriptedServer.Step>
    private let heard: SharedText
    private var unread: [UInt8] = []

    init(_ steps: [ScriptedServer.Step], heard: SharedText) {
        self.steps = steps[...]
        self.heard = heard
    }

    func channelActive(context: ChannelHandlerContext) { play(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        unread += bytes
        heard.add(String(decoding: bytes, as: UTF8.self))
        play(context)
    }

    private func play(_ context: ChannelHandlerContext) {
        while let step = steps.first {
            switch step {
            case .say(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .hear(let text):
                guard let range = unread.firstRange(of: text.utf8) else { return }
                unread.removeSubrange(..<range.upperBound)
            case .close: context.close(promise: nil)
            }
            steps.removeFirst()
        }
    }
}
