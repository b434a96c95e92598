/// Who logs in to a server (RFC 4954). Not yet there: sending with credentials fails.
public struct SMTPCredentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    enum Secret: Hashable, Sendable {
        case password(String)
        /// An OAuth 2.0 access token (RFC 7628).
        case token(String)
    }

    /// The name to log in with.
    public let user: String
    let secret: Secret

    /// - Parameters:
    ///   - user: the name to log in with.
    ///   - password: is shown in no description and no transcript.
    public static func password(user: String, password: String) -> SMTPCredentials {
        SMTPCredentials(user: user, secret: .password(password))
    }

    /// - Parameters:
    ///   - user: the name to log in with.
    ///   - token: an OAuth 2.0 access token (RFC 7628).
    public static func bearer(user: String, token: String) -> SMTPCredentials {
        SMTPCredentials(user: user, secret: .token(token))
    }

    /// Without the secret.
    public var description: String { user }
    public var debugDescription: String { user }
}
