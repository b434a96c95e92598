public import MailCore
public import SMTPCore

/// An opinion about peers, most of all strangers, who name a recipient: greylisting, block lists, a program of somebody
/// else's, how full a mailbox is.
public protocol RecipientScreen: Sendable {
    /// Whether there is anything to ask, by the configuration as it is now.
    var isOn: Bool { get }
    /// Whether there is about who has logged in.
    var isOnForUsers: Bool { get }
    /// Whether there is about peers in trusted networks.
    var isOnForTrusted: Bool { get }

    /// What speaks against taking the recipient; nil for nothing. It comes to an answer by itself.
    func objection(to recipient: ScreenedRecipient) async -> SMTPReply?
}

extension RecipientScreen {
    public var isOnForUsers: Bool { false }
    public var isOnForTrusted: Bool { false }

    func isOn(for standing: PeerStanding) -> Bool {
        switch standing {
        case .stranger: isOn
        case .user: isOnForUsers
        case .trusted: isOnForTrusted
        }
    }
}

/// What is known of a peer before it names a recipient.
public enum PeerStanding: Sendable {
    case stranger
    /// It has logged in.
    case user
    /// It has not, and need not: it comes from a trusted network.
    case trusted
}

/// A recipient that a peer has named, and that is to be had here; or that a user has named.
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
    public let standing: PeerStanding

    public init(
        session: String, client: IPAddress, clientPort: Int?, hello: HelloCommand?, size: UInt64?,
        reversePath: ReversePath, recipient: EmailAddress, tls: TLSSession?,
        user: (name: String, mechanism: String)? = nil, standing: PeerStanding = .stranger
    ) {
        self.standing = standing
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
        for screen in self where screen.isOn(for: recipient.standing) {
            if let objection = await screen.objection(to: recipient) { return objection }
        }
        return nil
    }
}
