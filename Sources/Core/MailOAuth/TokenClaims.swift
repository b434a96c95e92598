import WebCore

/// What is said of a token: by itself, or by whoever gave it out.
struct TokenClaims: Sendable {
    private let claims: JSONValue

    /// - Returns: nil if it is no object.
    init?(_ claims: JSONValue?) {
        guard let claims, case .object = claims else { return nil }
        self.claims = claims
    }

    subscript(name: String) -> JSONValue? { claims[name] }

    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - clockSkew: by how many seconds clocks may differ.
    func checkTime(_ now: Double, clockSkew: Double, mustExpire: Bool) throws(TokenRefusal) {
        if let expires = claims["exp"] {
            guard let expires = expires.number, now < expires + clockSkew else { throw .expired }
        } else if mustExpire {
            throw .expired
        }
        if let begins = claims["nbf"] {
            guard let begins = begins.number, now >= begins - clockSkew else { throw .notYet }
        }
    }

    /// - Parameter scope: what it must allow; nil where anything will do.
    func check(issuer: String?, audience: String?, scope: String?) throws(TokenRefusal) {
        if let issuer, claims["iss"]?.string != issuer { throw .wrongIssuer }
        if let audience, !audiences.contains(audience) { throw .wrongAudience }
        if let scope, claims["scope"]?.string?.split(separator: " ").contains(scope[...]) != true { throw .wrongScope }
    }

    /// The first of some claims that names somebody.
    func user(in names: [String]) throws(TokenRefusal) -> String {
        for name in names {
            switch claims[name] {
            case nil, .null, .string(""): continue
            case .string(let user): return user
            default: throw .noUser
            }
        }
        throw .noUser
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
