import Foundation
import MailTesting
import MilterClient
import MilterCore
import NIOCore
import NIOPosix
import Testing

/// Connections with filters over TCP and UNIX sockets. What filters may say is tested where the protocol is.
struct MilterConnectorTests {
    /// Agrees with whoever connects, and says these to everything after.
    private final class Filter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let says: [UInt8]
        private var hasAgreed = false

        init(_ says: [UInt8]) { self.says = says }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let agreement: [UInt8] = [0, 0, 0, 13, 79, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0]
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: hasAgreed ? says : agreement)), promise: nil)
            hasAgreed = true
        }
    }

    private func server(_ says: [UInt8]) -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Filter(says)) }
        }
    }

    private func connect(
        to address: MilterAddress, patience: MilterPatience = .init()
    ) async throws -> MilterConnection {
        try await MilterConnector(group: MultiThreadedEventLoopGroup.singleton)
            .connect(to: address, patience: patience, largestBody: 100)
    }

    @Test func `a filter on a UNIX socket is asked one event after the other`() async throws {
        let folder = try TemporaryDirectory()
        let change: [UInt8] = [0, 0, 0, 5, 104, 65, 0, 98, 0]
        let server = try await server(change + [0, 0, 0, 1, 97]).bind(unixDomainSocketPath: folder.path("f")).get()
        let connection = try await connect(to: .unix(path: folder.path("f")))
        #expect(try await connection.ask(.endOfMessage) == .change(.addField(name: "A", value: [32, 98])))
        #expect(try await connection.next() == .verdict(.accept))
        connection.abort()
        connection.quit()
        await #expect(throws: MilterFailure.unreachable("the session is over")) { try await connection.ask(.data) }
        try await server.close()
    }

    @Test func `it can be left in the middle of its changes, but asked nothing else`() async throws {
        let server = try await server([0, 0, 0, 5, 104, 65, 0, 98, 0]).bind(host: "127.0.0.1", port: 0).get()
        let place = MilterAddress.tcp(host: "127.0.0.1", port: server.localAddress?.port ?? 0)
        let left = try await connect(to: place)
        guard case .change = try await left.ask(.endOfMessage) else { return #expect(Bool(false)) }
        left.abort()
        left.quit()
        await #expect(throws: MilterFailure.unreachable("the session is over")) { try await left.next() }
        let asked = try await connect(to: place)
        guard case .change = try await asked.ask(.endOfMessage) else { return #expect(Bool(false)) }
        await #expect(throws: MilterFailure.unreachable("its answer was not heard out")) { try await asked.ask(.data) }
        try await server.close()
    }

    @Test func `nobody there, and somebody who says nothing`() async throws {
        let port = try LoopbackListener.freePort()
        await #expect(throws: MilterFailure.unreachable("Connection refused")) {
            try await connect(to: .tcp(host: "127.0.0.1", port: port))
        }
        let server = try await server([]).bind(host: "127.0.0.1", port: 0).get()
        let place = MilterAddress.tcp(host: "127.0.0.1", port: server.localAddress?.port ?? 0)
        let connection = try await connect(to: place, patience: MilterPatience(command: .seconds(3)))
        await #expect(throws: MilterFailure.late) { try await connection.ask(.data) }
        await #expect(throws: MilterFailure.late) { try await connection.ask(.data) }
        try await server.close()
    }
}
