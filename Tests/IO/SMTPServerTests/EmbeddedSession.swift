import NIOCore
import NIOEmbedded
import SMTPCore

@testable import SMTPServer

/// A session on a channel without a socket, on a virtual clock.
final class EmbeddedSession {
    let channel = EmbeddedChannel()
    private let reads = ReadCounter()

    init(
        _ configuration: SMTPListenerConfiguration = .test(), delegate: ScriptedDelegate = .init(),
        tls: TLSServerContext? = nil
    ) throws {
        let handler = SMTPConnectionHandler(
            configuration: configuration, delegate: delegate,
            mailbox: LoopMailbox(eventLoop: channel.embeddedEventLoop), tls: tls)
        try channel.pipeline.syncOperations.addHandlers([reads, handler])
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1_024)).wait()
    }

    func send(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
        channel.embeddedEventLoop.run()
    }

    /// The replies since the last call, one text for each write.
    func writes() throws -> [String] {
        var texts: [String] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { texts.append(String(buffer: buffer)) }
        return texts
    }

    /// The codes of the replies since the last call.
    func codes() throws -> [String] {
        try writes().joined().split(separator: "\r\n").map { String($0.prefix(3)) }
    }

    func advance(_ seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    /// Whether the server would read more now.
    func wouldRead() -> Bool {
        let before = reads.count
        channel.read()
        return reads.count > before
    }

    /// How often it read.
    var readCount: Int { reads.count }

    func set(isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    /// Says what the listener would say.
    func tell(_ event: SMTPListenerEvent) { channel.pipeline.fireUserInboundEventTriggered(event) }

    /// The peer is gone.
    func disconnect() { channel.close(promise: nil) }

    var isOpen: Bool { channel.isActive }

    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        private(set) var count = 0

        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
    }
}

extension EmbeddedSession {
    /// A session that waits for content.
    static func receivingContent(
        _ configuration: SMTPListenerConfiguration = .test(), delegate: ScriptedDelegate = .init()
    ) throws -> EmbeddedSession {
        let session = try EmbeddedSession(configuration, delegate: delegate)
        try session.send("EHLO c\r\n")
        try session.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n")
        _ = try session.writes()
        return session
    }
}
