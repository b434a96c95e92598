public import MailCore
public import NIOCore
public import SMTPCore

/// Who decides for one session what the protocol leaves open. All calls come on the session's event loop, one after the
/// other; nothing in them may block.
public protocol SMTPSessionDelegate: AnyObject {
    /// Decides, at once or later. Later is for what needs a disk, a lookup or a person.
    ///
    /// - Parameter answer: where a decision that comes `.later` goes, once, from any thread.
    func decide(_ question: SMTPServerQuestion, answer: SMTPAnswer) -> SMTPDecision

    /// Takes content of the message that `.content` opened.
    ///
    /// - Parameter resume: called once, from any thread, after `.suspended` was returned.
    func take(_ piece: ByteBuffer, resume: SMTPResumption) -> SMTPFlow

    /// The transaction is over without a message.
    func abandonTransaction()

    /// This reply goes to the peer.
    ///
    /// - Parameter line: for a negative reply, the last command line as `SMTPServerMachine.lastLine` gives it.
    func replied(_ reply: SMTPReply, to line: String?)

    /// From here on the session is encrypted, and what the peer said before is forgotten.
    func tlsEstablished(_ session: TLSSession)

    /// The handshake came to nothing, and the connection ends with it.
    func tlsFailed(_ reason: String)

    /// The peer is the server from here on: the connection is the delegate's, without anything of this side's in it but
    /// TLS. It reads nothing until its `autoRead` is switched on again. `sessionEnded` follows.
    func handedOver(_ channel: any Channel)

    /// The connection is gone.
    func sessionEnded()
}

/// Who serves a listener without TLS hears nothing of it.
extension SMTPSessionDelegate {
    public func tlsEstablished(_ session: TLSSession) {}
    public func tlsFailed(_ reason: String) {}
}

/// Who never lets a session be turned is never given its connection.
extension SMTPSessionDelegate {
    public func handedOver(_ channel: any Channel) { channel.close(promise: nil) }
}

/// When a decision is there.
public enum SMTPDecision: Sendable {
    case now(SMTPServerVerdict)
    /// The verdict stands, and the peer is made to wait for it.
    case delayed(SMTPServerVerdict, by: Duration)
    /// The verdict comes through the `SMTPAnswer`.
    case later
}

/// Whether more content may come at once.
public enum SMTPFlow: Sendable {
    case ready
    /// No more until `resume` was called.
    case suspended
}

/// Who is on the other end, and where it came in.
public struct SMTPPeer: Hashable, Sendable {
    /// nil for a UNIX socket.
    public let address: IPAddress?
    public let port: Int?
    /// The listener by the name in its configuration.
    public let listener: String

    public init(address: IPAddress?, port: Int?, listener: String) {
        self.address = address
        self.port = port
        self.listener = listener
    }

    /// The one behind a peer that may say so. What it does not know stays as it is.
    public func standing(for attributes: ClientAttributes) -> SMTPPeer {
        guard let address = attributes.address else { return self }
        return SMTPPeer(address: address, port: attributes.port.map(Int.init), listener: listener)
    }
}
