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
    }

    package var usersFile: FilePath?
    package var mechanisms: [Mechanism] = [.scramSHA256Plus, .scramSHA256, .plain, .login]
    package var recipientsPerHour = 1_000

    package static var defaults: AuthConfiguration { AuthConfiguration() }

    package static let keys: [ConfigurationKey<AuthConfiguration>] = [
        .value(
            "users_file", \.usersFile, defaultText: "`users` in the `data` folder",
            "The file of those who can log in, which `martlet user` writes; a passwd-file of Dovecot will do. Whose name is "
                + "an address in a local domain has a mailbox there. When it changes it is read again within seconds."),
        .value(
            "mechanisms", \.mechanisms,
            "What AUTH offers. The server knows SCRAM (with SHA-256 and SHA-1, each bound to TLS with `-PLUS` too), `PLAIN` "
                + "and `LOGIN`, and `CRAM-MD5`, for which passwords are kept in clear."),
        .bounded(
            "recipients_per_hour", \.recipientsPerHour, in: 1...1_000_000,
            "The recipients that a user may send to in an hour; 450 beyond."),
    ]
}
