/// Which access tokens let somebody in (RFC 7628).
package struct OAuthConfiguration: ConfigurationSection {
    package var keyFile: FilePath?
    package var issuer: String?
    package var audience: String?
    package var userClaim = "email"
    package var clockSkew = Duration.seconds(60)

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
            "The claim with the name of the user, who must be one of this server."),
        .bounded(
            "clock_skew", \.clockSkew, in: .zero ... .seconds(600),
            "By how much the clock of whoever gives them out may differ."),
    ]
}
