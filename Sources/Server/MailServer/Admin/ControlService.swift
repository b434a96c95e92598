import FoundationEssentials
import Glibc
import Logging
import MailCore
import MailSpool
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Answers requests on the control socket while the server runs.
struct ControlService: Service {
    let socketPath: String
    let group: any EventLoopGroup
    let inspector: QueueInspector
    let reloader: ConfigurationReloader
    let watchers: TerminalWatchers
    let caller: TurnCaller
    let log: EventLog

    func run() async throws {
        guard let server = await bind() else {
            try await gracefulShutdown()
            return
        }
        try await withGracefulShutdownHandler {
            try await server.executeThenClose { connections in
                await withDiscardingTaskGroup { tasks in
                    await serve(connections, in: &tasks)
                    // Nobody who is slow to ask keeps the server from ending.
                    tasks.cancelAll()
                }
            }
        } onGracefulShutdown: {
            server.channel.close(promise: nil)
        }
        unlink(socketPath)
    }

    private func serve(
        _ connections: NIOAsyncChannelInboundStream<NIOAsyncChannel<ByteBuffer, ByteBuffer>>,
        in tasks: inout DiscardingTaskGroup
    ) async {
        do {
            for try await connection in connections { tasks.addTask { await answer(connection) } }
        } catch {
            note("the control socket is closed: \(error)")
        }
    }

    /// A server without a control socket still serves mail; only its queue cannot be looked at meanwhile.
    private func bind() async -> NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>? {
        do {
            let server = try await ServerBootstrap(group: group)
                .bind(unixDomainSocketPath: socketPath, cleanupExistingSocketFile: true) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            chmod(socketPath, 0o600)
            return server
        } catch {
            note("there is no control socket at \(socketPath): \(error)")
            return nil
        }
    }

    /// Each piece is waited for until the system has it: to close the channel is to lose what has not been written.
    private func answer(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        let channel = connection.channel
        try? await connection.executeThenClose { inbound, _ in
            try await withTaskCancellationHandler {
                guard let line = try await requestLine(inbound) else { return }
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask {
                        defer { channel.close(promise: nil) }
                        try await answer(line) { try await channel.writeAndFlush($0) }
                    }
                    // Whoever hangs up is not waited for any longer.
                    tasks.addTask { try? await channel.closeFuture.get() }
                    try await tasks.next()
                    tasks.cancelAll()
                }
            } onCancel: {
                channel.close(promise: nil)
            }
        }
    }

    /// Octets that are gathered before they go out.
    private static let pieceSize = 64 * 1_024

    private func answer(_ line: ByteBuffer, _ write: (ByteBuffer) async throws -> Void) async throws {
        var waiting = ByteBuffer()
        let encoder = JSONEncoder()
        func give(_ answer: ControlAnswer) async throws {
            waiting.writeBytes(try encoder.encode(answer))
            waiting.writeStaticString("\n")
            if case .page(let page) = answer { waiting.writeBytes(page.text) }
            guard waiting.readableBytes >= Self.pieceSize || answer.isWaitedFor else { return }
            try await write(waiting)
            waiting.clear()
        }
        if let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(line.readableBytesView)) {
            try await answer(request, give)
        } else {
            try await give(.failure("the request cannot be read"))
            try await give(.end)
        }
    }

    private func answer(_ request: ControlRequest, _ give: (ControlAnswer) async throws -> Void) async throws {
        switch request {
        case .queue(let request): try await inspector.answer(request, give)
        case .reload:
            switch await reloader.reload() {
            case .success(let keys): try await give(.reloaded(restart: keys))
            case .failure(let errors):
                for error in errors.errors { try await give(.failure("\(error)")) }
            }
            try await give(.end)
        case .watch(let user): try await watch(user, give)
        case .turn(let order):
            try await caller.carryOut(order, give)
            try await give(.end)
        }
    }

    /// Goes on until nobody listens any more, which is noticed when the connection is closed.
    private func watch(_ user: String, _ give: (ControlAnswer) async throws -> Void) async throws {
        guard let messages = watchers.watch(user) else {
            try await give(.failure("there are too many who watch"))
            return try await give(.end)
        }
        try await give(.shown([]))
        for await message in messages { try await give(.shown(message.lines)) }
    }

    private func requestLine(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> ByteBuffer? {
        var line = ByteBuffer()
        for try await var piece in inbound {
            line.writeBuffer(&piece)
            if line.readableBytes > ControlSocket.requestLimit { return nil }
            if let end = line.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                return line.readSlice(length: end - line.readerIndex)
            }
        }
        return nil
    }

    private func note(_ text: String) {
        log.write(LogEvent("control", .warning, at: SystemClock.now(), [("text", .text(text))]))
    }
}

extension ControlAnswer {
    /// Whether somebody waits for it who sees nothing until it is there.
    fileprivate var isWaitedFor: Bool {
        switch self {
        case .end, .shown, .said: true
        default: false
        }
    }
}
