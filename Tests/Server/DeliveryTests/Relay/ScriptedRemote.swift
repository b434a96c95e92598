import NIOCore
import NIOPosix
import Synchronization

/// A mail server on the loopback that answers every command well, but for those a test names.
final class ScriptedRemote: Sendable {
    /// What the server does in place of a good answer.
    enum Answer: Sendable {
        case say(String)
        case close
        case silence
    }

    /// Keyed by `CONNECT`, a verb, a verb and what stands in the line behind it (`RCPT bob`), or `.` for the message.
    struct Script: Sendable {
        var keywords: [String] = ["PIPELINING", "8BITMIME"]
        var answers: [String: Answer] = [:]
        /// Messages after which a connection is closed as idle.
        var closesAfter = Int.max
        /// Recipients that one transaction may have, and what the others hear.
        var mostRecipients = Int.max
        var tooMany = ""
    }

    let port: Int
    private let channel: any Channel
    private let record: Record

    init(_ script: Script = Script(), host: String = "127.0.0.1", port: Int = 0) async throws {
        let record = Record()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RemoteSession(script, record: record))
                }
            }
            .bind(host: host, port: port).get()
        self.record = record
        self.port = channel.localAddress?.port ?? 0
    }

    var connections: Int { record.state.withLock { $0.connections } }
    /// Every line that was read, of commands and messages.
    var lines: [String] { record.state.withLock { $0.lines } }
    /// Everything that was read, octet by octet.
    var octets: [UInt8] { record.state.withLock { $0.octets } }
    /// Lines that begin with a verb.
    func lines(_ verb: String) -> [String] { lines.filter { $0.hasPrefix(verb) } }

    func stop() async throws { try await channel.close() }

    final class Record: Sendable {
        let state = Mutex((connections: 0, lines: [String](), octets: [UInt8]()))
    }
}

private final class RemoteSession: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: ScriptedRemote.Script
    private let record: ScriptedRemote.Record
    private var input = ByteBuffer()
    private var isContent = false
    private var accepted: [String] = []
    private var isLMTP = false
    private var messages = 0
    private var chunk: Int?

    init(_ script: ScriptedRemote.Script, record: ScriptedRemote.Record) {
        self.script = script
        self.record = record
    }

    func channelActive(context: ChannelHandlerContext) {
        record.state.withLock { $0.connections += 1 }
        answer("CONNECT", or: "220 remote ESMTP", context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        record.state.withLock { [bytes] in $0.octets += bytes.readableBytesView }
        input.writeBuffer(&bytes)
        while let line = nextLine() { take(line, context) }
    }

    private func nextLine() -> String? {
        if let chunk {
            guard let content = input.readString(length: chunk) else { return nil }
            self.chunk = nil
            record.state.withLock { $0.lines += content.split(separator: "\r\n").map(String.init) }
            return "."
        }
        guard let end = input.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = input.readString(length: end + 1 - input.readerIndex) ?? ""
        return String(line.dropLast())
    }

    private func take(_ line: String, _ context: ChannelHandlerContext) {
        record.state.withLock { $0.lines.append(line) }
        if line == "." { return endMessage(context) }
        if isContent { return }
        let verb = String(line.prefix(4)).uppercased()
        switch verb {
        case "EHLO", "LHLO":
            isLMTP = verb == "LHLO"
            let lines = ["remote"] + script.keywords
            let text = lines.enumerated().map { "250\($0 == lines.count - 1 ? " " : "-")\($1)" }
            answer(verb, or: text.joined(separator: "\r\n"), context)
        case "RCPT":
            let name = String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != "@" })
            guard accepted.count < script.mostRecipients else { return say(script.tooMany, context) }
            let isGood = script.answers["RCPT \(name)"] == nil && script.answers["RCPT"] == nil
            if isGood { accepted.append(name) }
            answer(script.answers["RCPT \(name)"] == nil ? "RCPT" : "RCPT \(name)", or: "250 2.1.5 ok", context)
        case "DATA":
            isContent = script.answers["DATA"] == nil && !accepted.isEmpty
            answer("DATA", or: isContent ? "354 go on" : "554 5.5.1 nobody", context)
        case "BDAT": chunk = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        case "QUIT":
            answer("QUIT", or: "221 bye", context)
            context.close(promise: nil)
        default: answer(verb, or: "250 2.0.0 ok", context)
        }
    }

    private func endMessage(_ context: ChannelHandlerContext) {
        isContent = false
        messages += 1
        for name in isLMTP ? accepted : [""] {
            let key = script.answers[". \(name)"] == nil ? "." : ". \(name)"
            answer(key, or: "250 2.0.0 kept \(name)", context)
        }
        accepted = []
        if messages >= script.closesAfter { context.close(promise: nil) }
    }

    private func answer(_ key: String, or text: String, _ context: ChannelHandlerContext) {
        switch script.answers[key] ?? .say(text) {
        case .say(let text): say(text, context)
        case .close: context.close(promise: nil)
        case .silence: break
        }
    }

    private func say(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
    }
}
