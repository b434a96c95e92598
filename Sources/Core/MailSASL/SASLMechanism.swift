/// A mechanism of SASL (RFC 4422), by its registered name.
public enum SASLMechanism: String, CaseIterable, Hashable, Sendable {
    /// RFC 5802 and RFC 7677, bound to the TLS session.
    case scramSHA256Plus = "SCRAM-SHA-256-PLUS"
    /// RFC 7677.
    case scramSHA256 = "SCRAM-SHA-256"
    case scramSHA1Plus = "SCRAM-SHA-1-PLUS"
    /// RFC 5802.
    case scramSHA1 = "SCRAM-SHA-1"
    /// RFC 7628.
    case oauthBearer = "OAUTHBEARER"
    /// What large providers spoke before RFC 7628.
    case xoauth2 = "XOAUTH2"
    /// RFC 4422 Appendix A: TLS has shown already who it is.
    case external = "EXTERNAL"
    /// RFC 2195.
    case cramMD5 = "CRAM-MD5"
    /// RFC 4616.
    case plain = "PLAIN"
    /// What old clients speak in place of PLAIN.
    case login = "LOGIN"

    /// Whether the exchange is bound to the TLS session that carries it.
    public var bindsChannel: Bool { self == .scramSHA256Plus || self == .scramSHA1Plus }

    /// Whether whoever reads the exchange has the secret itself.
    public var showsSecret: Bool {
        switch self {
        case .plain, .login, .oauthBearer, .xoauth2: true
        case .scramSHA256Plus, .scramSHA256, .scramSHA1Plus, .scramSHA1, .external, .cramMD5: false
        }
    }

    /// The hash function of a SCRAM mechanism.
    public var scramHash: ScramHash? {
        switch self {
        case .scramSHA256Plus, .scramSHA256: .sha256
        case .scramSHA1Plus, .scramSHA1: .sha1
        case .oauthBearer, .xoauth2, .external, .cramMD5, .plain, .login: nil
        }
    }
}
