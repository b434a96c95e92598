/// The certificate that the server shows, and the roots that it trusts.
package struct TLSConfiguration: ConfigurationSection {
    package var certificate: FilePath?
    package var key: FilePath?
    package var roots: FilePath?
    package var clientRoots: FilePath?

    package static var defaults: TLSConfiguration { TLSConfiguration() }

    package static let keys: [ConfigurationKey<TLSConfiguration>] = [
        .value(
            "certificate", \.certificate,
            "The file (PEM) with the certificate of the server and those that lead to a root. When it changes it is read "
                + "again within seconds."),
        .value(
            "key", \.key, defaultText: "in the file of the certificate",
            "The file (PEM) with the private key, without a passphrase."),
        .value(
            "roots", \.roots, defaultText: "those that the system trusts",
            "The file (PEM) with the roots that certificates of other servers must lead to where a route says `verify`."
        ),
        .value(
            "client_roots", \.clientRoots,
            "The file (PEM) with the roots that certificates of users must lead to. Where it is given, listeners at which "
                + "users log in ask clients for a certificate, and offer EXTERNAL to one that shows it: the user is the mail "
                + "address in the certificate (rfc822Name)."),
    ]
}
