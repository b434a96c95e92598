public import MailCore
public import MilterCore
public import QueueCore
public import SMTPCore
public import SMTPServer

/// What happened at reception, for the log.
public struct ReceptionEvent: Sendable {
    public enum Kind: Sendable {
        case connected
        /// From here on the session is encrypted.
        case encrypted(TLSSession)
        /// From here on the peer is `user`.
        case authenticated
        /// The handshake failed, for this reason.
        case tlsFailed(String)
        /// A command or a message got a negative answer; the command is missing where none was read, and the message's
        /// ID where no transaction is open.
        case refused(SMTPReply, command: String?, QueueID?)
        /// The answer that was told last came so many times more.
        case refusedAgain(SMTPReply, QueueID?, times: Int)
        /// The message is on disk.
        case accepted(QueueID, from: ReversePath, recipients: Int, octets: UInt64, tls: TLSSession?)
        /// A filter did or wants this.
        case filtered(QueueID?, by: String, String)
        /// A filter is away, for this reason, and what becomes of mail meanwhile.
        case filterFailed(QueueID?, String, MilterFailure, FilterSettings.Absence)
        /// The message is not, for this reason; its sender was told to come back.
        case notStored(QueueID, SinkError)
        /// The message was shown to so many of those who were there, and is not kept.
        case shown(from: ReversePath, readers: Int, missed: Int)
        /// From here on the peer is the server.
        case turned(TurnRequest, identity: String)
        case disconnected(messages: Int)
    }

    public let session: SessionID
    public let peer: SMTPPeer
    /// Who the peer has proved to be.
    public var user: String?
    /// Whom the peer said to be when it was not let in; nil where no name was read.
    public var triedUser: String?
    public let kind: Kind
}
