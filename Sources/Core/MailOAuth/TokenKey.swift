import WebCore

import struct Crypto.HMAC
import enum Crypto.P256
import struct Crypto.SHA256
import struct Crypto.SymmetricKey
import enum CryptoExtras._RSA

/// A key that access tokens are signed with. Its kind decides about the algorithm, whatever a token says.
public struct TokenKey: Sendable {
    private enum Kind: Sendable {
        case hmac(SymmetricKey)
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
    }

    private let kind: Kind
    /// Its number where there are several (`kid`); nil where it has none.
    public let identifier: String?

    /// A secret of both sides, for HS256.
    ///
    /// - Returns: nil for less than 32 octets (RFC 7518 §3.2).
    public init?(secret: [UInt8], identifier: String? = nil) {
        guard secret.count >= 32 else { return nil }
        self.init(.hmac(SymmetricKey(data: secret)), identifier)
    }

    /// A public key in PEM form: RSA for RS256, or of the curve P-256 for ES256.
    public init?(pem: String) {
        if let key = try? P256.Signing.PublicKey(pemRepresentation: pem) {
            self.init(.p256(key), nil)
        } else if let key = try? _RSA.Signing.PublicKey(pemRepresentation: pem) {
            self.init(.rsa(key), nil)
        } else {
            return nil
        }
    }

    /// A key of a set (RFC 7517 §4); nil for one of another kind or for another use.
    init?(_ value: JSONValue) {
        let octets = { (name: String) in value[name]?.string.flatMap { Base64URL.decode($0) } }
        let identifier = value["kid"]?.string
        if let use = value["use"]?.string, use != "sig" { return nil }
        switch value["kty"]?.string {
        case "oct":
            guard let secret = octets("k") else { return nil }
            self.init(secret: secret, identifier: identifier)
        case "RSA":
            guard let n = octets("n"), let e = octets("e"), let key = try? _RSA.Signing.PublicKey(n: n, e: e) else {
                return nil
            }
            self.init(.rsa(key), identifier)
        case "EC":
            guard value["crv"]?.string == "P-256", let x = octets("x"), let y = octets("y"),
                let key = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            self.init(.p256(key), identifier)
        default: return nil
        }
    }

    private init(_ kind: Kind, _ identifier: String?) {
        self.kind = kind
        self.identifier = identifier
    }

    /// By its name in a token (RFC 7518 §3.1).
    public var algorithm: String {
        switch kind {
        case .hmac: "HS256"
        case .rsa: "RS256"
        case .p256: "ES256"
        }
    }

    func verifies(_ signature: [UInt8], of octets: [UInt8]) -> Bool {
        switch kind {
        case .hmac(let key):
            HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: octets, using: key)
        case .rsa(let key):
            key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: octets),
                padding: .insecurePKCS1v1_5)
        case .p256(let key):
            (try? P256.Signing.ECDSASignature(rawRepresentation: signature)).map {
                key.isValidSignature($0, for: SHA256.hash(data: octets))
            } ?? false
        }
    }
}

/// The keys of whoever gives out the tokens.
public struct TokenKeySet: Sendable {
    public let keys: [TokenKey]

    /// Reads a file: a public key in PEM form, a set of keys (JWKS, RFC 7517), or else a secret in its first line.
    ///
    /// - Returns: nil where none of them can be used.
    public init?(_ text: String) {
        if text.contains("-----BEGIN ") {
            keys = TokenKey(pem: text).map { [$0] } ?? []
        } else if text.first(where: { !$0.isWhitespace }) == "{" {
            let values = JSONValue(text.utf8)?["keys"]?.array ?? []
            keys = values.prefix(100).compactMap(TokenKey.init)
        } else {
            let secret = text.split(whereSeparator: \.isNewline).first.map { Array($0.utf8) } ?? []
            keys = TokenKey(secret: secret).map { [$0] } ?? []
        }
        if keys.isEmpty { return nil }
    }
}
