public import struct NIOCore.ByteBuffer

/// What the server machine wants done next, in this order.
public enum SMTPServerAction: Equatable, Sendable {
    /// Send this.
    case reply(SMTPReply)
    /// Decide this, and `answer`. Nothing further comes until then.
    case ask(SMTPServerQuestion)
    /// Content of the message that `.content` opened, as the sender wrote it.
    case body(ByteBuffer)
    /// The command that is about to be answered must have been the last thing sent (RFC 2920 §3.1). Where there is unread
    /// input, tell the machine: `peerTalkedTooEarly`.
    case synchronize
    /// The transaction is over without a message: forget what it brought.
    case abandonTransaction
    /// Begin the handshake; then `tlsEstablished`, or close.
    case startTLS
    /// What was replied leaves; then the connection is no longer this machine's, for the roles have changed (RFC 821 §3.8,
    /// RFC 2645): the peer is the server now. Nothing further comes.
    case handOver
    /// Close, once what was sent before has left.
    case close
}

/// A decision that is not the machine's.
public enum SMTPServerQuestion: Equatable, Sendable {
    /// Somebody has connected.
    case greeting
    case hello(HelloCommand)
    case mail(MailCommand)
    case recipient(RecipientCommand)
    /// Content is about to come: is there room for it?
    case content
    /// The content is complete. To accept it is to promise that it is on disk.
    case message
    case verify(AddressQuery)
    case expand(AddressQuery)
    /// HELP STATUS.
    case status
    /// ETRN: try what waits for these domains (RFC 1985).
    case startQueue(QueueRequest)
    /// To accept is to be the client from here on.
    case turn(TurnRequest)
    /// XCLIENT: who is really there. Once accepted, the session begins anew with `.greeting`.
    case clientAttributes(ClientAttributes)
    case authenticate(AuthenticateCommand)
    /// The client's answer to a challenge, as it stands on the wire.
    case authenticationResponse(String)
}

/// The decision.
public enum SMTPServerVerdict: Equatable, Sendable {
    /// Yes; with this reply where the usual one doesn't do.
    case accept(SMTPReply? = nil)
    /// To `.greeting`: yes, and this peer may do so much.
    case welcome(SMTPServerPrivileges)
    case refuse(SMTPReply)
    /// No, and this is the end of the session.
    case refuseAndClose(SMTPReply)
    /// To `.message` over LMTP: one reply for each accepted recipient, in order (RFC 2033 §4.2).
    case eachRecipient([SMTPReply])
    /// To `.authenticate` and `.authenticationResponse`: go on, with this challenge in base64.
    case challenge(String)
    /// To the same: the client is who it says, and may do so much from now on.
    case authenticated(identity: String, SMTPServerPrivileges = [])
}

/// What a peer may do beyond handing in messages.
public struct SMTPServerPrivileges: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// See whether users exist.
    public static let verify = SMTPServerPrivileges(rawValue: 1)
    /// See who is on a list.
    public static let expand = SMTPServerPrivileges(rawValue: 2)
    /// See the state of the system.
    public static let status = SMTPServerPrivileges(rawValue: 4)
    /// What people ask that look after mail: VRFY, EXPN and HELP STATUS.
    public static let queries: SMTPServerPrivileges = [.verify, .expand, .status]
    /// Write to terminals: SEND, SOML and SAML (RFC 821 §3.4).
    public static let terminals = SMTPServerPrivileges(rawValue: 8)
    /// Have the queue tried: ETRN (RFC 1985).
    public static let startQueue = SMTPServerPrivileges(rawValue: 16)
    /// Speak for another client: XCLIENT.
    public static let clientAttributes = SMTPServerPrivileges(rawValue: 32)
    /// Be sent its mail over its own connection: TURN (RFC 821 §3.8), once it has authenticated over TLS.
    public static let turn = SMTPServerPrivileges(rawValue: 64)
}

/// What the machine is waiting for, from which its driver tells how long it may wait.
public enum SMTPServerWaiting: Equatable, Sendable {
    case verdict
    case command
    case content
    case handshake
    case nothing
}
