/// Whether a client's session is to be encrypted.
public enum SMTPClientEncryption: Hashable, Sendable {
    case never
    /// Where the server offers STARTTLS and does not refuse it.
    case ifOffered
    /// With STARTTLS, or there is no session.
    case required
    /// From the first octet on (RFC 8314 §3).
    case implicit
}
