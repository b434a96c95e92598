public import MailCore
public import SMTPCore

/// Knows who can log in, by the mechanisms of SASL (RFC 4422).
public protocol AuthenticationService: Sendable {
    /// Begins an exchange.
    ///
    /// - Parameter mechanism: one of those that the listener offers, in capitals.
    /// - Returns: nil where nobody from this peer is heard for the time being.
    func begin(_ mechanism: String, for peer: AuthenticatingPeer) -> (any AuthenticationExchange)?

    /// Whether a user may name an address as the sender.
    func mayUser(_ user: String, sendAs sender: EmailAddress) -> Bool

    /// Counts a recipient of a user's; false where there have been too many for now.
    func count(recipientOf user: String) -> Bool
}

/// Who wants to log in, as far as it is known.
public struct AuthenticatingPeer: Hashable, Sendable {
    /// nil for a UNIX socket.
    public let address: IPAddress?
    /// How the session is encrypted; nil where it is not.
    public let tls: TLSSession?

    public init(address: IPAddress?, tls: TLSSession?) {
        self.address = address
        self.tls = tls
    }
}

/// One exchange. Its steps come one after the other.
public protocol AuthenticationExchange: Sendable {
    /// - Parameter response: what the client sent; nil where it sent nothing with its command.
    func respond(to response: [UInt8]?) async -> AuthenticationStep
}

/// What a server does next in an exchange.
public enum AuthenticationStep: Hashable, Sendable {
    case challenge([UInt8])
    case authenticated(user: String)
    /// Nobody is told which was wrong; only the log hears who it was said to be, where a name was read.
    case wrong(user: String?)
    case malformed
    /// The user has to log in once by another mechanism (RFC 4954 §6, 432).
    case transitionNeeded
    case unavailable
}

/// Of a server at which nobody logs in.
public struct NoAuthentication: AuthenticationService {
    public init() {}
    public func begin(_ mechanism: String, for peer: AuthenticatingPeer) -> (any AuthenticationExchange)? { nil }
    public func mayUser(_ user: String, sendAs sender: EmailAddress) -> Bool { true }
    public func count(recipientOf user: String) -> Bool { true }
}
