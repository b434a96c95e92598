import MailSASL

/// Who can log in, and how.
package struct AuthConfiguration: ConfigurationSection {
    /// The mechanisms that the server can offer.
    package enum Mechanism: String, ConfigurationChoice {
        case scramSHA256Plus = "SCRAM-SHA-256-PLUS"
        case scramSHA256 = "SCRAM-SHA-256"
        case scramSHA1Plus = "SCRAM-SHA-1-PLUS"
        case scramSHA1 = "SCRAM-SHA-1"
        case cramMD5 = "CRAM-MD5"
        case plain = "PLAIN"
        case login = "LOGIN"
        case oauthBearer = "OAUTHBEARER"
        case xoauth2 = "XOAUTH2"
        case external = "EXTERNAL"
        case digestMD5 = "DIGEST-MD5"
        case gssapi = "GSSAPI"
        case gssSPNEGO = "GSS-SPNEGO"
        case ntlm = "NTLM"
        case otp = "OTP"

        /// Whether only Dovecot speaks it.
        var isOfDovecot: Bool { SASLMechanism(rawValue: rawValue) == nil }

        /// Whether it is bound to the TLS session, of which Dovecot knows nothing.
        var bindsChannel: Bool { SASLMechanism(rawValue: rawValue)?.bindsChannel ?? false }

        var isOfTokens: Bool { self == .oauthBearer || self == .xoauth2 }
    }

    package var usersFile: FilePath?
    package var dovecot: FilePath?
    /// Empty until the other sections are known.
    package var mechanisms: [Mechanism] = []
    package var recipientsPerHour = 1_000

    package static var defaults: AuthConfiguration { AuthConfiguration() }

    package static let keys: [ConfigurationKey<AuthConfiguration>] = [
        .value(
            "users_file", \.usersFile, defaultText: "`users` in the `data` folder",
            "The file of those who can log in, which `martlet user` writes; a passwd-file of Dovecot will do. Whose name is "
                + "an address in a local domain has a mailbox there. When it changes it is read again within seconds."),
        .value(
            "dovecot", \.dovecot,
            "The UNIX socket of Dovecot's authentication service (`/run/dovecot/auth-client`), which is asked in place of "
                + "`users_file`."),
        .list(
            "mechanisms", \.mechanisms,
            defaultText: "`SCRAM-SHA-256` with and without `-PLUS`, `PLAIN`, `LOGIN`; of Dovecot the last two; where "
                + "`[oauth]` and `client_roots` of `[tls]` say so `OAUTHBEARER`, `XOAUTH2` and `EXTERNAL` too",
            ifEmpty: "leave it out for the usual ones; auth = \"off\" at a listener offers none",
            "What AUTH offers. The server knows SCRAM (with SHA-256 and SHA-1, each bound to TLS with `-PLUS` too), `PLAIN` "
                + "and `LOGIN`, and `CRAM-MD5`, for which passwords are kept in clear. With `dovecot` it is what Dovecot "
                + "knows, but for `-PLUS`; `EXTERNAL`, and the mechanisms of `[oauth]` where that is there, stay the "
                + "server's."),
        .bounded(
            "recipients_per_hour", \.recipientsPerHour, in: 1...1_000_000,
            "The recipients that a user may send to in an hour; 450 beyond."),
    ]
}
