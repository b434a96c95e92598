import Crypto
import MailSASL

/// Keys for users who are not known, always the same for a name: who asks for them cannot tell them from real ones.
struct MadeUpKeys: Sendable {
    private let secret = SymmetricKey(size: .bits256)

    func keys(for user: String, _ hash: ScramHash) -> ScramKeys {
        ScramKeys(
            hash: hash, iterations: PasswordMaking.iterations, salt: Array(octets("salt", user).prefix(16)),
            storedKey: Array(octets("stored", user).prefix(hash.size)),
            serverKey: Array(octets("server", user).prefix(hash.size)))
    }

    /// Whether a name that is not known passes for that of a user without keys, as some of the known ones are.
    func lacksKeys(_ user: String) -> Bool { octets("lacks", user).first.map { $0 & 1 == 1 } ?? false }

    private func octets(_ use: String, _ user: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array("\(use)\0\(user.lowercased())".utf8), using: secret))
    }
}
