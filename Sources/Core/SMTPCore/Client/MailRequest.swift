/// What a client asks of a server that keeps mail for it.
public enum MailRequest: Hashable, Sendable, CustomStringConvertible {
    /// ETRN: that the server tries to deliver it (RFC 1985).
    case start(QueueRequest)
    /// TURN or ATRN: that it comes over this connection, on which the server becomes the client.
    case turn(TurnRequest)

    /// The command as it is written.
    public var description: String {
        switch self {
        case .start(let request): "ETRN \(request)"
        case .turn(let request): "\(request)"
        }
    }
}
