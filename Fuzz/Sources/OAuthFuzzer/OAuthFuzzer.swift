import Crypto
import Foundation
import FuzzDriver
import MailOAuth
import MailSASL
import WebCore

/// Access tokens of strangers, what is in them when they are signed, and sets of keys. Nobody gets in with a token that no
/// key has signed, nor with one that does not say what it must; what is read as JSON is JSON.
///
/// The first octet chooses what the rest is.
@main
enum OAuthFuzzer {
    private enum Kind: UInt8, CaseIterable {
        /// A token.
        case token
        /// The header and the claims of a token that is signed, divided by `separator`.
        case signed
        /// A file of keys.
        case keys
        case json
        /// What whoever gave a token out says of it.
        case introspection
    }

    private static let separator: UInt8 = 0xFF
    private static let secret = [UInt8](repeating: 0x5A, count: 32)
    private static let now = 1_500.0
    private static let policy = TokenPolicy(issuer: "https://login.example.org", audience: "mail")
    private static let claims =
        #"{"iss":"https://login.example.org","aud":["mail"],"exp":2000,"email":"ann@example.org"}"#
    private static let header = #"{"alg":"HS256","kid":"1"}"#
    private static let good = sign(Array(header.utf8), Array(claims.utf8))

    /// Keys of each kind; only the owner of the secret one can sign.
    private static let keySet = """
        {"keys":[{"kty":"oct","kid":"1","k":"\(encode(secret))"},
        {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
        {"kty":"RSA","n":"\(encode([UInt8](repeating: 0xC5, count: 256)))","e":"AQAB"}]}
        """
    private static let otherKeys = keySet.replacing(encode(secret), with: encode([UInt8](repeating: 1, count: 40)))
    private static let keys = TokenKeySet(keySet)

    private static var seeds: [String: Data] {
        let parts = good.split(separator: ".").map(String.init)
        let none = encode(Array(#"{"alg":"none"}"#.utf8))
        let esHeader = encode(Array(#"{"alg":"ES256"}"#.utf8))
        let rsHeader = encode(Array(#"{"alg":"RS256"}"#.utf8))
        let signed = { (claims: String) in Array(header.utf8) + [separator] + Array(claims.utf8) }
        return [
            "good": seed(.token, good.utf8), "none": seed(.token, "\(none).\(parts[1]).".utf8),
            "es": seed(.token, "\(esHeader).\(parts[1]).\(encode([UInt8](repeating: 1, count: 64)))".utf8),
            "rs": seed(.token, "\(rsHeader).\(parts[1]).\(encode([UInt8](repeating: 1, count: 256)))".utf8),
            "claims": seed(.signed, signed(claims)),
            "early": seed(.signed, signed(claims.dropLast() + #","nbf":1600,"sub":"\u00e4"}"#)),
            "keys": seed(.keys, otherKeys.utf8),
            "secret": seed(.keys, "a secret of more than thirty-two octets\n".utf8),
            "pem": seed(.keys, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".utf8),
            "active": seed(.introspection, #"{"active":true,"username":"ann","exp":1600,"scope":"mail x"}"#.utf8),
            "inactive": seed(.introspection, #"{"active":false,"sub":"ann"}"#.utf8),
            "json": seed(.json, #" [1, -2.5e+2, true, null, {"a":"\ud83d\ude00\n"}, "ä"] "#.utf8),
        ]
    }

    static func main() throws {
        expect(keys?.keys.count == 3, "the keys cannot be read")
        try FuzzDriver.main(seeds: seeds) { input in
            guard let first = input.first else { return false }
            let octets = Array(input.dropFirst())
            switch Kind.allCases[Int(first) % Kind.allCases.count] {
            case .token: checkToken(String(decoding: octets, as: UTF8.self))
            case .signed: checkSigned(octets)
            case .keys: checkKeys(String(decoding: octets, as: UTF8.self))
            case .json: checkJSON(octets)
            case .introspection: checkIntrospection(octets)
            }
            return true
        }
    }

    // MARK: What must hold

    /// Only what was signed here is believed, whatever it is signed with.
    private static func checkToken(_ text: String) {
        guard let keys, (try? AccessToken(text, keys: keys)) != nil else { return }
        let signed = { (token: String) in token.split(separator: ".", omittingEmptySubsequences: false).prefix(2) }
        expect(signed(text) == signed(good), "\(text) is believed")
    }

    /// Who gets in by signed claims, another reader of JSON finds in them too.
    private static func checkSigned(_ octets: [UInt8]) {
        let parts = octets.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let keys,
            let token = try? AccessToken(sign(Array(parts[0]), Array(parts[1])), keys: keys),
            let user = try? token.user(policy, at: now)
        else { return }
        let claims = try? JSONDecoder().decode(Claims.self, from: Data(parts[1]))
        guard let claims else { return expect(false, "\(user) got in by what is no object of claims") }
        expect(claims.iss == policy.issuer && claims.email == user && !user.isEmpty, "\(user) got in by \(claims)")
        expect(claims.aud.contains(policy.audience), "\(user) got in by what is meant for \(claims.aud)")
        expect(now < claims.exp + policy.clockSkew, "\(user) got in too late, \(claims.exp)")
        expect(claims.nbf.map { now >= $0 - policy.clockSkew } ?? true, "\(user) got in too early")
    }

    private struct Claims: Decodable {
        let iss, email: String
        let exp: Double
        let nbf: Double?
        let aud: [String]

        private enum Name: String, CodingKey { case iss, email, exp, nbf, aud }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Name.self)
            iss = try values.decode(String.self, forKey: .iss)
            email = try values.decode(String.self, forKey: .email)
            exp = try values.decode(Double.self, forKey: .exp)
            nbf = values.contains(.nbf) ? try values.decode(Double.self, forKey: .nbf) : nil
            let audiences = try values.decode(AnyJSON.self, forKey: .aud).value
            switch audiences {
            case .string(let audience): aud = [audience]
            case .array(let all): aud = all.compactMap { if case .string(let one) = $0 { one } else { nil } }
            default: aud = []
            }
        }
    }

    /// Keys of others verify nothing that was signed here, and their number has a limit.
    private static func checkKeys(_ text: String) {
        guard let keys = TokenKeySet(text) else { return }
        expect((1...100).contains(keys.keys.count), "\(keys.keys.count) keys")
        guard !text.contains("Wlpa"), !text.contains("ZZZZ") else { return }
        expect((try? AccessToken(good, keys: keys)) == nil, "the keys of others verify a token: \(text)")
    }

    private static func checkJSON(_ octets: [UInt8]) {
        guard let value = JSONValue(octets) else { return }
        let other = try? JSONDecoder().decode(AnyJSON.self, from: Data(octets)).value
        expect(value == other, "\(value) is \(String(describing: other)) to another reader")
    }

    /// Who gets in is a user of whom it was said that the token is good.
    private static func checkIntrospection(_ octets: [UInt8]) {
        guard let user = try? TokenIntrospection(octets)?.user(IntrospectionPolicy(), at: now) else { return }
        let said = try? JSONDecoder().decode([String: AnyJSON].self, from: Data(octets)).mapValues(\.value)
        expect(said?["active"] == .bool(true), "\(user) got in by what is not good")
        expect([said?["username"], said?["sub"]].contains(.string(user)), "\(user) got in, who is not named")
    }

    // MARK: Tokens

    private static func seed(_ kind: Kind, _ octets: some Sequence<UInt8>) -> Data {
        Data([kind.rawValue]) + Data(octets)
    }

    private static func sign(_ header: [UInt8], _ claims: [UInt8]) -> String {
        let signed = "\(encode(header)).\(encode(claims))"
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: secret))
        return "\(signed).\(encode(Array(code)))"
    }

    private static func encode(_ octets: [UInt8]) -> String {
        SASLBase64.encode(octets).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
