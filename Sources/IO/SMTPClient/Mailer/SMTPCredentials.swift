import MailSASL
import SMTPCore

/// Who logs in to a server (RFC 4954). Neither description nor transcript shows the secret.
public struct SMTPCredentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let sasl: SASLCredentials

    /// The name to log in with.
    public var user: String { sasl.user }

    /// - Parameters:
    ///   - user: the name to log in with.
    ///   - password: is shown in no description and no transcript.
    public static func password(user: String, password: String) -> SMTPCredentials {
        SMTPCredentials(sasl: .password(user: user, password: password))
    }

    /// - Parameters:
    ///   - user: the name to log in with.
    ///   - token: an OAuth 2.0 access token (RFC 7628).
    public static func bearer(user: String, token: String) -> SMTPCredentials {
        SMTPCredentials(sasl: .bearer(user: user, token: token))
    }

    /// Without the secret.
    public var description: String { user }
    public var debugDescription: String { user }

    /// How a client proves it. What goes to this machine itself nobody else can read.
    func authentication(at endpoint: SMTPURL.Endpoint) -> SMTPClientAuthentication {
        let isHere =
            switch endpoint {
            case .unix: true
            case .host(let host, _): host == "localhost" || host == "::1" || host.hasPrefix("127.")
            }
        let nonce = SASLBase64.encode((0..<18).map { _ in UInt8.random(in: 0...255) })
        return SMTPClientAuthentication(sasl, nonce: nonce, mayShowSecretInClear: isHere)
    }
}
