import struct Crypto.HMAC
import enum Crypto.Insecure
import struct Crypto.SymmetricKey

/// CRAM-MD5 (RFC 2195): the client shows that it knows the secret, which the server must know in clear.
struct CramMD5Server: Sendable {
    let challenge: String
    private var digest: [UInt8] = []

    init(challenge: String) {
        self.challenge = challenge
    }

    mutating func respond(to response: [UInt8]) -> SASLServerStep {
        guard let space = response.lastIndex(of: 0x20),
            let name = String(validating: response[..<space], as: UTF8.self),
            let user = SASLPrep.prepare(name), !user.isEmpty, response.count - space - 1 == 32
        else { return .failed(.malformed) }
        digest = Array(response[(space + 1)...])
        return .ask(.secret(user: user))
    }

    func check(_ secret: String) -> Bool {
        ConstantTime.areEqual(Self.digest(of: challenge, secret: secret), digest)
    }

    /// In lower-case hexadecimal.
    static func digest(of challenge: String, secret: String) -> [UInt8] {
        let code = HMAC<Insecure.MD5>.authenticationCode(
            for: Array(challenge.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        let digits = Array("0123456789abcdef".utf8)
        return code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
