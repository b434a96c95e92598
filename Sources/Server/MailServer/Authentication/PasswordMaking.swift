import MailSASL
package import MailUsers

/// What is kept of a new password.
package enum PasswordMaking {
    /// Twice and a half what RFC 7677 §4 asks for.
    static let iterations = 10_000

    /// The record of a user with a new password, for the mechanisms that the configuration offers.
    ///
    /// - Throws: `UserFileError` if the password cannot be one.
    package static func record(
        name: String, password: String, for configuration: AuthConfiguration
    ) throws(UserFileError) -> UserRecord {
        guard UserTable.isName(name) else { throw UserFileError("'\(name)' cannot be the name of a user") }
        guard !password.isEmpty, password.utf8.count <= 512, let prepared = SASLPrep.prepare(password) else {
            throw UserFileError("the password is empty, longer than 512 octets, or holds control characters")
        }
        guard let hash = CryptHash.yescrypt(prepared, salt: random(16)) else {
            throw UserFileError("the C library knows no yescrypt")
        }
        var verifiers = [
            PasswordVerifier.crypt(hash),
            .scram(ScramKeys(password: prepared, hash: .sha256, salt: random(16), iterations: iterations)),
        ]
        let offered = Set(configuration.mechanisms)
        if !offered.isDisjoint(with: [.scramSHA1, .scramSHA1Plus]) {
            verifiers.append(
                .scram(ScramKeys(password: prepared, hash: .sha1, salt: random(16), iterations: iterations)))
        }
        if offered.contains(.cramMD5) { verifiers.append(.plain(prepared)) }
        return UserRecord(name: name, verifiers: verifiers)
    }

    static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
