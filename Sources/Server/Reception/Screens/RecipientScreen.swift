public import MailCore
public import SMTPCore

/// An opinion about strangers who name a recipient: greylisting, block lists, a program of somebody else's.
public protocol RecipientScreen: Sendable {
    /// Whether there is anything to ask, by the configuration as it is now.
    var isOn: Bool { get }
    /// Whether there is about who has logged in.
    var isOnForUsers: Bool { get }

    /// What speaks against taking the recipient; nil for nothing. It comes to an answer by itself.
    func objection(to recipient: ScreenedRecipient) async -> SMTPReply?
}

extension RecipientScreen {
    public var isOnForUsers: Bool { false }

    func isOn(forUsers: Bool) -> Bool { forUsers ? isOnForUsers : isOn }
}

/// A recipient that a stranger has named, and that is to be had here; or that a user has named.
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
    /// Who has logged in, and by which mechanism of SASL.
    public let user: (name: String, mechanism: String)?

    public init(
        session: String, client: IPAddress, clientPort: Int?, hello: HelloCommand?, size: UInt64?,
        reversePath: ReversePath, recipient: EmailAddress, tls: TLSSession?,
        user: (name: String, mechanism: String)? = nil
    ) {
        self.user = user
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
        for screen in self where screen.isOn(forUsers: recipient.user != nil) {
            if let objection = await screen.objection(to: recipient) { return objection }
        }
        return nil
    }
}
