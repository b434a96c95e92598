import Crypto
import MailSASL

/// Signs tokens as whoever gives them out does.
enum TokenMaker {
    static let secret = Array("a secret of more than thirty-two octets".utf8)

    static func claims(
        _ changes: [String: String?] = [:]
    ) -> String {
        var members: [String: String?] = [
            "iss": "\"https://login.example.org\"", "aud": "\"mail\"", "exp": "2000", "nbf": "1000",
            "email": "\"ann@example.org\"",
        ]
        for (name, value) in changes { members[name] = value }
        let text = members.sorted { $0.key < $1.key }.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
        return "{\(text.joined(separator: ","))}"
    }

    static func hs256(_ claims: String, header: String = #"{"alg":"HS256","typ":"at+jwt"}"#) -> String {
        token(header, claims) { Array(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: secret))) }
    }

    static func token(_ header: String, _ claims: String, sign: ([UInt8]) throws -> [UInt8]) rethrows -> String {
        let signed = "\(encode(Array(header.utf8))).\(encode(Array(claims.utf8)))"
        return "\(signed).\(encode(try sign(Array(signed.utf8))))"
    }

    static func encode(_ octets: [UInt8]) -> String {
        String(SASLBase64.encode(octets).compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
    }
}
