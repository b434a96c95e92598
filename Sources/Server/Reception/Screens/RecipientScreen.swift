public import MailCore
public import SMTPCore

/// An opinion about strangers who name a recipient: greylisting, block lists, a program of somebody else's.
public protocol RecipientScreen: Sendable {
    /// Whether there is anything to ask, by the configuration as it is now.
    var isOn: Bool { get }

    /// What speaks against taking the recipient; nil for nothing. It comes to an answer by itself.
    func objection(to recipient: ScreenedRecipient) async -> SMTPReply?
}

/// A recipient that a stranger has named, and that is to be had here.
public struct ScreenedRecipient: Sendable {
    /// Names the session in the log.
    public let session: String
    public let client: IPAddress
    public let clientPort: Int?
    public let hello: HelloCommand?
    /// The size that the client announced, in octets.
    public let size: UInt64?
    public let reversePath: ReversePath
    public let recipient: EmailAddress
    public let tls: TLSSession?

    public init(
        session: String, client: IPAddress, clientPort: Int?, hello: HelloCommand?, size: UInt64?,
        reversePath: ReversePath, recipient: EmailAddress, tls: TLSSession?
    ) {
        self.session = session
        self.client = client
        self.clientPort = clientPort
        self.hello = hello
        self.size = size
        self.reversePath = reversePath
        self.recipient = recipient
        self.tls = tls
    }
}

extension [any RecipientScreen] {
    /// The first objection.
    func objection(to recipient: ScreenedRecipient) async -> SMTPReply? {
        for screen in self where screen.isOn {
            if let objection = await screen.objection(to: recipient) { return objection }
        }
        return nil
    }
}
