package import WebCore

/// Which access tokens let somebody in (RFC 7628).
package struct OAuthConfiguration: ConfigurationSection {
    package var keyFile: FilePath?
    package var issuer: String?
    package var audience: String?
    package var userClaim: String?
    package var scope: String?
    package var clockSkew = Duration.seconds(60)
    package var introspectionEndpoint: WebAddress?
    package var clientID: String?
    package var clientSecretFile: FilePath?
    /// What `client_secret_file` holds.
    var clientSecret: String?

    package static var defaults: OAuthConfiguration { OAuthConfiguration() }

    package static let keys: [ConfigurationKey<OAuthConfiguration>] = [
        .value(
            "key_file", \.keyFile,
            "The file with the key that tokens (JWT) are signed with: a public key in PEM form (RSA for RS256, P-256 for "
                + "ES256), a set of keys (JWKS), or a secret of at least 32 octets for HS256. When it changes it is read "
                + "again within seconds."),
        .value("issuer", \.issuer, "Who gives the tokens out: their `iss`."),
        .value("audience", \.audience, "Whom they must be meant for: among their `aud`."),
        .value(
            "user_claim", \.userClaim,
            defaultText: "`email` in a token; `username`, or else `sub`, of what `introspection_endpoint` says",
            "The claim with the name of the user, who must be one of this server."),
        .value("scope", \.scope, "What a token must be good for: among its `scope`."),
        .bounded(
            "clock_skew", \.clockSkew, in: .zero ... .seconds(600),
            "By how much the clock of whoever gives them out may differ."),
        .value(
            "introspection_endpoint", \.introspectionEndpoint,
            "Where whoever gives tokens out says what one is worth (RFC 7662): `https://login.example.org/introspect`, or "
                + "`http://` on this machine. Asked about the tokens that no key of `key_file` has signed. `issuer` and "
                + "`audience` are looked at where they are given. While it does not answer, clients hear 454 4.7.0."),
        .value("client_id", \.clientID, "As whom the server asks there."),
        .value(
            "client_secret_file", \.clientSecretFile,
            "The file whose first line is the secret that goes with it. When it changes it is read again within seconds."
        ),
    ]

    /// Whether any tokens let somebody in.
    var takesTokens: Bool { keyFile != nil || introspectionEndpoint != nil }
}
