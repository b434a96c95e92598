/// Who logs in to a server, and by what. The secret is shown in no description.
public struct SASLCredentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    enum Secret: Hashable, Sendable {
        case password(String)
        case token(String)
        case certificate
    }

    /// The name to log in with.
    public let user: String
    let secret: Secret

    /// By a password.
    public static func password(user: String, password: String) -> SASLCredentials {
        SASLCredentials(user: user, secret: .password(password))
    }

    /// By an OAuth 2.0 access token (RFC 7628).
    public static func bearer(user: String, token: String) -> SASLCredentials {
        SASLCredentials(user: user, secret: .token(token))
    }

    /// By the certificate that was shown in the TLS handshake (RFC 4422 Appendix A).
    ///
    /// - Parameter user: whom to act for; empty for the one that the certificate names.
    public static func certificate(user: String = "") -> SASLCredentials {
        SASLCredentials(user: user, secret: .certificate)
    }

    public var description: String { user }
    public var debugDescription: String { user }
    public var customMirror: Mirror { Mirror(self, children: ["user": user]) }
}
