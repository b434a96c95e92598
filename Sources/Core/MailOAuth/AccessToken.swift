/// An access token that can be read: a signed JWT (RFC 7519, RFC 9068).
public struct AccessToken: Sendable {
    /// Octets that a token may have.
    static let longest = 9_000

    private let claims: JSONValue

    /// Reads a token and checks its signature, and nothing else.
    ///
    /// - Throws: `TokenRefusal` if it is none, or if no key has signed it.
    public init(_ text: String, keys: TokenKeySet) throws(TokenRefusal) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, parts.count == 3, let header = Self.object(parts[0]),
            let claims = Self.object(parts[1]), let signature = Base64URL.decode(parts[2])
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
        guard let expires = claims["exp"]?.number, now < expires + policy.clockSkew else { throw .expired }
        if let begins = claims["nbf"] {
            guard let begins = begins.number, now >= begins - policy.clockSkew else { throw .notYet }
        }
        guard claims["iss"]?.string == policy.issuer else { throw .wrongIssuer }
        guard audiences.contains(policy.audience) else { throw .wrongAudience }
        guard let user = claims[policy.userClaim]?.string, !user.isEmpty else { throw .noUser }
        return user
    }

    /// One, or a list of them (RFC 7519 §4.1.3).
    private var audiences: [String] {
        switch claims["aud"] {
        case .string(let audience): [audience]
        case .array(let audiences): audiences.compactMap(\.string)
        default: []
        }
    }
}

/// What a token must say.
public struct TokenPolicy: Hashable, Sendable {
    /// `iss`: who gave it out.
    public let issuer: String
    /// `aud`: whom it is meant for.
    public let audience: String
    /// The claim with the name of the user.
    public let userClaim: String
    /// By how many seconds clocks may differ.
    public let clockSkew: Double

    public init(issuer: String, audience: String, userClaim: String = "email", clockSkew: Double = 60) {
        self.issuer = issuer
        self.audience = audience
        self.userClaim = userClaim
        self.clockSkew = clockSkew
    }
}

/// What is wrong with a token.
public enum TokenRefusal: String, Error, Hashable, Sendable {
    case unreadable = "it is no signed JWT"
    case badSignature = "no key has signed it"
    case expired = "it has expired, or does not say when it does"
    case notYet = "it is not good yet"
    case wrongIssuer = "somebody else gave it out"
    case wrongAudience = "it is meant for others"
    case noUser = "it names no user"
}
