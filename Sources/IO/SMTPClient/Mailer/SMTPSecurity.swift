/// How a connection is to be protected. What is asked for and cannot be had is an error: mail never goes unprotected
/// because of a fault.
public struct SMTPSecurity: Hashable, Sendable {
    enum Mode: Hashable, Sendable {
        case none, startTLS, implicitTLS
    }

    let mode: Mode

    /// In clear text: for a server on this machine, or within a network of one's own.
    public static let none = SMTPSecurity(mode: .none)
    /// TLS after STARTTLS, without which nothing is sent (RFC 3207). Not yet there: sending fails.
    public static let startTLS = SMTPSecurity(mode: .startTLS)
    /// TLS from the first octet (RFC 8314 §3.3). Not yet there: sending fails.
    public static let implicitTLS = SMTPSecurity(mode: .implicitTLS)
}
