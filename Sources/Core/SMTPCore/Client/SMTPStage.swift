/// Where in the dialogue a client waits for the server, each with the time it grants (RFC 5321 §4.5.3.2).
public enum SMTPStage: String, Hashable, Sendable {
    case connect, greeting, hello
    /// STARTTLS and the handshake.
    case startTLS
    case mail, rcpt, data
    /// The message itself is on its way.
    case content
    /// The reply to the message.
    case endOfData
    case reset, quit
    /// ETRN, ATRN or TURN; ATRN may take ten minutes (RFC 2645 §5.2).
    case request
    /// Between transactions.
    case idle

    /// How long to wait for the server before the connection is given up.
    public var timeout: Duration {
        switch self {
        case .connect, .quit: .seconds(30)
        case .greeting, .hello, .mail, .rcpt, .reset, .idle: .seconds(5 * 60)
        case .startTLS: .seconds(60)
        case .data: .seconds(2 * 60)
        case .content: .seconds(3 * 60)
        case .endOfData, .request: .seconds(10 * 60)
        }
    }
}
