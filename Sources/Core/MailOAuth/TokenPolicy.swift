/// What a token must say.
public struct TokenPolicy: Hashable, Sendable {
    /// `iss`: who gave it out.
    public let issuer: String
    /// `aud`: whom it is meant for.
    public let audience: String
    /// The claim with the name of the user.
    public let userClaim: String
    /// What must be among its `scope` (RFC 9068 §2.2.3); nil where anything will do.
    public let scope: String?
    /// By how many seconds clocks may differ.
    public let clockSkew: Double

    public init(
        issuer: String, audience: String, userClaim: String = "email", scope: String? = nil, clockSkew: Double = 60
    ) {
        self.issuer = issuer
        self.audience = audience
        self.userClaim = userClaim
        self.scope = scope
        self.clockSkew = clockSkew
    }
}

/// What is wrong with a token.
public enum TokenRefusal: String, Error, Hashable, Sendable {
    case unreadable = "it is no signed JWT"
    case badSignature = "no key has signed it"
    case inactive = "who gives tokens out says that it is not good"
    case expired = "it has expired, or does not say when it does"
    case notYet = "it is not good yet"
    case wrongIssuer = "somebody else gave it out"
    case wrongAudience = "it is meant for others"
    case wrongScope = "it is for other purposes"
    case noUser = "it names no user"
}
