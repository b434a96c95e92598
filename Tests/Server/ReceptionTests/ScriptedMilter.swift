import MilterClient
import NIOCore
import NIOPosix
import Reception
import Synchronization

/// A filter on the loopback that does as a test says, by the packets of the protocol.
final class ScriptedMilter: Sendable {
    /// What it says to a packet, by all of it or by its letter; packets without an entry get a `c`.
    typealias Script = [String: [String]]

    private let told = Mutex<[String]>([])
    private let channel: any Channel

    /// - Parameters:
    ///   - actions: what it announces that it may do.
    ///   - steps: what it announces that it leaves out.
    init(_ script: Script = [:], actions: UInt32 = 0x1FF, steps: UInt32 = 0) async throws {
        let box = TellBox()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = Handler(script, actions: actions, steps: steps) { text in box.tell(text) }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        box.set { [weak self] text in self?.told.withLock { $0.append(text) } }
    }

    /// What it was told: a letter and the rest of the packet, with NUL as `|`.
    var events: [String] { told.withLock { $0 } }

    /// The same without macros.
    var steps: [String] { events.filter { !$0.hasPrefix("D") } }

    func settings(
        _ name: String = "test", _ absence: FilterSettings.Absence = .tempfail, patience: MilterPatience = .init(),
        listeners: [String] = []
    ) -> FilterSettings {
        FilterSettings(
            name: name, address: .tcp(host: "127.0.0.1", port: channel.localAddress?.port ?? 0), absence: absence,
            patience: patience, listeners: listeners)
    }

    func stop() async throws { try await channel.close() }

    /// Carries what connections hear to whoever keeps it.
    private final class TellBox: Sendable {
        private let receiver = Mutex<(@Sendable (String) -> Void)?>(nil)
        func set(_ receiver: @escaping @Sendable (String) -> Void) { self.receiver.withLock { $0 = receiver } }
        func tell(_ text: String) { receiver.withLock { $0 }?(text) }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let script: Script
        private let agreement: [UInt32]
        private let tell: @Sendable (String) -> Void
        private var input = ByteBuffer()

        init(_ script: Script, actions: UInt32, steps: UInt32, tell: @escaping @Sendable (String) -> Void) {
            self.script = script
            self.tell = tell
            agreement = [6, actions, steps]
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            input.writeImmutableBuffer(unwrapInboundIn(data))
            while let length: UInt32 = input.getInteger(at: input.readerIndex), input.readableBytes >= 4 + Int(length) {
                input.moveReaderIndex(forwardBy: 4)
                guard let packet = input.readSlice(length: Int(length)) else { return }
                answer(String(buffer: packet), context)
            }
        }

        private func answer(_ packet: String, _ context: ChannelHandlerContext) {
            let letter = packet.first ?? " "
            if letter != "O" { tell(packet.replacing("\0", with: "|")) }
            if "DAQ".contains(letter) { return }
            var output = ByteBuffer()
            if letter == "O" {
                output.writeInteger(UInt32(13))
                output.writeString("O")
                for number in agreement { output.writeInteger(number) }
            }
            for said in letter == "O" ? [] : script[packet] ?? script[String(letter)] ?? ["c"] {
                if said == "close" { return context.close(promise: nil) }
                output.writeInteger(UInt32(said.utf8.count))
                output.writeString(said)
            }
            context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        }
    }
}
