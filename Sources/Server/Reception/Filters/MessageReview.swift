import MailCore
import MilterClient
import MilterCore
import NIOCore
import QueueCore
import SMTPCore

/// Shows one message to one filter, and makes the changes that it wants.
struct MessageReview {
    /// Changes of which the log tells.
    private static let mostTold = 20

    private(set) var message: FilteredMessage
    /// What was changed, in words.
    private(set) var changes: [String] = []
    private let connection: MilterConnection
    private let sink: any MessageSink
    private let macros: [MilterMacro]
    private var newBody: (any IncomingMessage)?

    init(message: FilteredMessage, connection: MilterConnection, sink: any MessageSink, macros: [MilterMacro]) {
        self.message = message
        self.connection = connection
        self.sink = sink
        self.macros = macros
    }

    /// - Throws: `MilterFailure`, or `SinkError` where the disk is the trouble.
    mutating func run() async throws -> MilterVerdict {
        for field in message.header.fields {
            let verdict = try await ask(.field(name: field.name, value: field.value))
            if verdict != .proceed { return verdict }
        }
        let verdict = try await ask(.endOfHeader)
        if verdict != .proceed { return verdict }
        if let verdict = try await showBody() { return verdict }
        return try await end()
    }

    /// - Returns: nil where the filter has not decided yet.
    private mutating func showBody() async throws -> MilterVerdict? {
        var offset: UInt64 = 0
        while true {
            let piece = try await message.piece(at: offset)
            if piece.readableBytes == 0 { return nil }
            offset += UInt64(piece.readableBytes)
            switch try await ask(.body(piece)) {
            case .proceed: continue
            case .skip: return nil
            case let verdict: return verdict
            }
        }
    }

    private mutating func ask(_ event: MilterEvent) async throws(MilterFailure) -> MilterVerdict {
        guard case .verdict(let verdict) = try await connection.ask(event, macros: macros) else {
            throw .malformed("a change before the end of the message")
        }
        return verdict
    }

    private mutating func end() async throws -> MilterVerdict {
        var answer = try await connection.ask(.endOfMessage, macros: macros)
        while case .change(let change) = answer {
            if case .body(let piece) = change { try await add(piece) } else { message.apply(change) }
            tell(change)
            answer = try await connection.next()
        }
        guard case .verdict(let verdict) = answer else { return .proceed }
        if let newBody { message.replaceBody(with: newBody) }
        return verdict
    }

    private mutating func add(_ piece: ByteBuffer) async throws(SinkError) {
        if newBody == nil { newBody = try sink.open() }
        await newBody?.append(piece)
    }

    private mutating func tell(_ change: MilterChange) {
        let text = change.description
        if changes.count < Self.mostTold, changes.last != text { changes.append(text) }
    }
}
