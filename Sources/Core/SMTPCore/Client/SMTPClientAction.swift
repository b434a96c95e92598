public import struct NIOCore.ByteBuffer

/// What the driver of a client machine is to do.
public enum SMTPClientAction: Equatable, Sendable {
    /// Send commands.
    case send(ByteBuffer)
    /// Send a piece of the message.
    case sendContent(ByteBuffer)
    /// The server waits for the message: give it with `append`, then call `endContent`.
    case needContent
    /// A reply has come. For the record; the machine goes on by itself.
    case replied(SMTPExchange)
    /// Begin the handshake; then `tlsEstablished` or `tlsFailed`.
    case startTLS
    /// The server has been greeted, and this is what it can do.
    case ready(ServerExtensions)
    /// The transaction is over, and the next one may begin.
    case finished(TransactionResult)
    /// The server has answered `ask`. Where it has become the client, the connection is no longer this machine's.
    case answered(SMTPReply, hasTurned: Bool)
    /// The session is over; `.close` follows.
    case failed(SessionFailure)
    case close
}

/// A command and the reply to it.
public struct SMTPExchange: Hashable, Sendable {
    public let stage: SMTPStage
    /// Without its line end; empty for the greeting.
    public let command: String
    public let reply: SMTPReply

    public init(stage: SMTPStage, command: String, reply: SMTPReply) {
        self.stage = stage
        self.command = command
        self.reply = reply
    }
}
