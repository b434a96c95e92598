import WebCore

/// An access token that can be read: a signed JWT (RFC 7519, RFC 9068).
public struct AccessToken: Sendable {
    /// Octets that a token may have.
    static let longest = 9_000

    private let claims: TokenClaims

    /// Reads a token and checks its signature, and nothing else.
    ///
    /// - Throws: `TokenRefusal` if it is none, or if no key has signed it.
    public init(_ text: String, keys: TokenKeySet) throws(TokenRefusal) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, parts.count == 3, let header = Self.object(parts[0]),
            let claims = TokenClaims(Self.object(parts[1])), let signature = Base64URL.decode(parts[2])
        else { throw .unreadable }
        // What must be understood (RFC 7515 §4.1.11) is not.
        guard header["crit"] == nil else { throw .unreadable }
        let (algorithm, identifier) = (header["alg"]?.string, header["kid"]?.string)
        let signed = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
        let fitting = keys.keys.filter {
            $0.algorithm == algorithm && (identifier == nil || $0.identifier == nil || $0.identifier == identifier)
        }
        guard fitting.contains(where: { $0.verifies(signature, of: signed) }) else { throw .badSignature }
        self.claims = claims
    }

    private static func object(_ part: Substring) -> JSONValue? {
        guard let octets = Base64URL.decode(part), case .object(let members) = JSONValue(octets) else { return nil }
        return .object(members)
    }

    /// The user whom it is for, if it is good now.
    ///
    /// - Parameter now: seconds since 1970.
    /// - Throws: `TokenRefusal` with the first thing that is wrong with it.
    public func user(_ policy: TokenPolicy, at now: Double) throws(TokenRefusal) -> String {
        try claims.checkTime(now, clockSkew: policy.clockSkew, mustExpire: true)
        try claims.check(issuer: policy.issuer, audience: policy.audience, scope: policy.scope)
        return try claims.user(in: [policy.userClaim])
    }
}
