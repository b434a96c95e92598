import SMTPCore

/// How safe the way to a server must be.
public enum TLSPolicy: Hashable, Sendable {
    /// In clear.
    case off
    /// Encrypted where the server offers STARTTLS, whoever it is; in clear where that fails (RFC 7435).
    case may
    /// Encrypted, whoever the server is.
    case must
    /// Encrypted, with a certificate that leads to a root which this machine trusts and is for the server's name.
    case verify
    /// Encrypted, with the certificate of this SHA-256 (lower-case hexadecimal), whatever it says.
    case fingerprint(String)

    /// The policy for a message whose sender requires TLS with a trusted certificate all the way (RFC 8689 §4.2.1).
    public func stricter(forRequireTLS requireTLS: Bool) -> TLSPolicy {
        switch self {
        case .off, .may, .must: requireTLS ? .verify : self
        case .verify, .fingerprint: self
        }
    }

    var encryption: SMTPClientEncryption {
        switch self {
        case .off: .never
        case .may: .ifOffered
        case .must, .verify, .fingerprint: .required
        }
    }
}
