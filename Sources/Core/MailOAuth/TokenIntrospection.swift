import MailSASL
public import WebCore

/// What whoever gives tokens out says of one (RFC 7662 §2.2).
public struct TokenIntrospection: Sendable {
    private let isActive: Bool
    private let claims: TokenClaims

    /// The fields of the question, which are sent by POST (RFC 7662 §2.1).
    public static func question(about token: String) -> WebForm {
        WebForm([("token", token), ("token_type_hint", "access_token")])
    }

    /// How a client names itself with the question (RFC 6749 §2.3.1).
    public static func authorization(client: String, secret: String) -> String {
        "Basic " + SASLBase64.encode(Array("\(WebForm.encoded(client)):\(WebForm.encoded(secret))".utf8))
    }

    /// Reads the body of an answer; nil for one that does not say whether the token is good.
    public init?(_ body: [UInt8]) {
        guard let claims = TokenClaims(JSONValue(body)), case .bool(let isActive)? = claims["active"] else {
            return nil
        }
        self.isActive = isActive
        self.claims = claims
    }

    /// The user whom the token is for, if it is good now.
    ///
    /// - Parameter now: seconds since 1970.
    /// - Throws: `TokenRefusal` with the first thing that is wrong with it.
    public func user(_ policy: IntrospectionPolicy, at now: Double) throws(TokenRefusal) -> String {
        guard isActive else { throw .inactive }
        try claims.checkTime(now, clockSkew: policy.clockSkew, mustExpire: false)
        try claims.check(issuer: policy.issuer, audience: policy.audience, scope: policy.scope)
        return try claims.user(in: policy.userClaim.map { [$0] } ?? ["username", "sub"])
    }
}

/// What must be said of a token that is good.
public struct IntrospectionPolicy: Hashable, Sendable {
    /// `iss`: who gave it out; nil where that need not be said.
    public let issuer: String?
    /// `aud`: whom it is meant for; nil where that need not be said.
    public let audience: String?
    /// The member with the name of the user; nil for `username`, or else `sub`.
    public let userClaim: String?
    /// What must be among its `scope`; nil where anything will do.
    public let scope: String?
    /// By how many seconds clocks may differ.
    public let clockSkew: Double

    public init(
        issuer: String? = nil, audience: String? = nil, userClaim: String? = nil, scope: String? = nil,
        clockSkew: Double = 60
    ) {
        self.issuer = issuer
        self.audience = audience
        self.userClaim = userClaim
        self.scope = scope
        self.clockSkew = clockSkew
    }
}
