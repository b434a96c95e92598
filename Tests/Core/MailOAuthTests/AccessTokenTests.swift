import Crypto
import CryptoExtras
import MailOAuth
import Testing

/// Whom a token names, and which tokens are none.
struct AccessTokenTests {
    private let policy = TokenPolicy(issuer: "https://login.example.org", audience: "mail")
    private let keys = TokenKeySet(String(decoding: TokenMaker.secret, as: UTF8.self))

    private func user(_ token: String, at now: Double = 1_500) throws -> String {
        try AccessToken(token, keys: try #require(keys)).user(policy, at: now)
    }

    private func refusal(_ token: String, at now: Double = 1_500) -> TokenRefusal? {
        do {
            _ = try user(token, at: now)
            return nil
        } catch {
            return error as? TokenRefusal
        }
    }

    @Test func `a token that says everything names its user`() throws {
        #expect(try user(TokenMaker.hs256(TokenMaker.claims())) == "ann@example.org")
        let audiences = TokenMaker.claims(["aud": #"["web", "mail"]"#, "nbf": nil])
        #expect(try user(TokenMaker.hs256(audiences)) == "ann@example.org")
    }

    @Test func `clocks may differ by a minute`() {
        let token = TokenMaker.hs256(TokenMaker.claims())
        #expect(refusal(token, at: 2_059) == nil)
        #expect(refusal(token, at: 2_060) == .expired)
        #expect(refusal(token, at: 940) == nil)
        #expect(refusal(token, at: 939) == .notYet)
    }

    @Test(
        arguments: [
            (["exp": nil], TokenRefusal.expired), (["exp": "\"2000\""], .expired), (["nbf": "\"soon\""], .notYet),
            (["iss": "\"https://login.example.net\""], .wrongIssuer), (["iss": nil], .wrongIssuer),
            (["aud": "\"web\""], .wrongAudience), (["aud": nil], .wrongAudience), (["aud": "[1]"], .wrongAudience),
            (["email": nil], .noUser), (["email": "\"\""], .noUser), (["email": "true"], .noUser),
        ] as [([String: String?], TokenRefusal)])
    func `a token that lacks something is refused`(changes: [String: String?], expected: TokenRefusal) {
        #expect(refusal(TokenMaker.hs256(TokenMaker.claims(changes))) == expected)
    }

    @Test func `who changes a token, or signs none, is found out`() {
        let token = TokenMaker.hs256(TokenMaker.claims())
        let parts = token.split(separator: ".")
        let others = TokenMaker.encode(Array(TokenMaker.claims(["email": "\"bob@example.org\""]).utf8))
        #expect(refusal("\(parts[0]).\(others).\(parts[2])") == .badSignature)
        #expect(refusal(TokenMaker.hs256(TokenMaker.claims(), header: #"{"alg":"none"}"#)) == .badSignature)
        #expect(refusal("\(parts[0]).\(parts[1]).") == .badSignature)
        #expect(refusal("\(parts[0]).\(parts[1])") == .unreadable)
        #expect(refusal(TokenMaker.hs256(TokenMaker.claims(), header: #"{"alg":"HS256","crit":["x"]}"#)) == .unreadable)
        #expect(refusal("a.b.c") == .unreadable)
        #expect(refusal(String(repeating: "a", count: 9_001)) == .unreadable)
        #expect(refusal(TokenMaker.hs256(TokenMaker.claims(["email": "\"a\",\"email\":\"b\""]))) == .unreadable)
    }

    @Test func `keys of RSA and of the curve P-256 are read from PEM, and decide about the algorithm`() throws {
        let curve = P256.Signing.PrivateKey()
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let byCurve = try TokenMaker.token(#"{"alg":"ES256"}"#, TokenMaker.claims()) {
            Array(try curve.signature(for: SHA256.hash(data: $0)).rawRepresentation)
        }
        let byRSA = try TokenMaker.token(#"{"alg":"RS256"}"#, TokenMaker.claims()) {
            Array(
                try rsa.signature(for: SHA256.hash(data: $0), padding: .insecurePKCS1v1_5).rawRepresentation)
        }
        let curveKeys = try #require(TokenKeySet(curve.publicKey.pemRepresentation))
        let rsaKeys = try #require(TokenKeySet(rsa.publicKey.pemRepresentation))
        #expect(try AccessToken(byCurve, keys: curveKeys).user(policy, at: 1_500) == "ann@example.org")
        #expect(try AccessToken(byRSA, keys: rsaKeys).user(policy, at: 1_500) == "ann@example.org")
        #expect(throws: TokenRefusal.badSignature) { try AccessToken(byCurve, keys: rsaKeys) }
        // Who knows the public key makes an HMAC of it.
        let pem = Array(rsa.publicKey.pemRepresentation.utf8)
        let confused = TokenMaker.token(#"{"alg":"HS256"}"#, TokenMaker.claims()) {
            Array(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: pem)))
        }
        #expect(throws: TokenRefusal.badSignature) { try AccessToken(confused, keys: rsaKeys) }
    }

    @Test func `of a set the key is taken that the token names`() throws {
        let (first, second) = (P256.Signing.PrivateKey(), P256.Signing.PrivateKey())
        func member(_ key: P256.Signing.PrivateKey, _ name: String) -> String {
            let (x, y) = (
                Array(key.publicKey.rawRepresentation.prefix(32)), Array(key.publicKey.rawRepresentation.suffix(32))
            )
            return #"{"kty":"EC","crv":"P-256","kid":"\#(name)","x":"\#(TokenMaker.encode(x))","#
                + #""y":"\#(TokenMaker.encode(y))"}"#
        }
        let text = #"{"keys": [\#(member(first, "1")), {"kty":"OKP"}, \#(member(second, "2"))]}"#
        let set = try #require(TokenKeySet(text))
        #expect(set.keys.map(\.identifier) == ["1", "2"])
        func token(_ name: String) throws -> String {
            try TokenMaker.token(#"{"alg":"ES256","kid":"\#(name)"}"#, TokenMaker.claims()) {
                Array(try second.signature(for: SHA256.hash(data: $0)).rawRepresentation)
            }
        }
        #expect(try AccessToken(token("2"), keys: set).user(policy, at: 1_500) == "ann@example.org")
        #expect(throws: TokenRefusal.badSignature) { try AccessToken(token("1"), keys: set) }
    }

    @Test(arguments: [
        "", "short", "{}", #"{"keys":[]}"#, "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n",
    ])
    func `a file without a key that is good for anything is none`(text: String) {
        #expect(TokenKeySet(text) == nil)
    }
}
