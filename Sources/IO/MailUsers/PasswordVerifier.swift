import Crypto
public import MailSASL

/// What is kept of a user's password, in one of the schemes that Dovecot writes in braces.
public enum PasswordVerifier: Hashable, Sendable {
    /// The password itself.
    case plain(String)
    case crypt(CryptHash)
    /// The hash of the password with the salt behind it.
    case salted(SaltedHash)
    case scram(ScramKeys)

    /// Whether it is the one for a password. May block its thread for a tenth of a second.
    public func fits(_ password: String) -> Bool {
        switch self {
        case .plain(let secret): ConstantTime.areEqual(Array(secret.utf8), Array(password.utf8))
        case .crypt(let hash): hash.fits(password)
        case .salted(let hash): hash.fits(password)
        case .scram(let keys): keys.fit(password)
        }
    }

    /// Reads `{SCHEME}value`; without a scheme it is what crypt(5) writes.
    ///
    /// - Throws: `UserFileError` with what is wrong, and not with the value.
    public init(_ text: Substring) throws(UserFileError) {
        guard text.hasPrefix("{") else {
            guard text.hasPrefix("$") else { throw UserFileError("the password is in no scheme that is known") }
            self = .crypt(CryptHash(String(text)))
            return
        }
        guard let end = text.firstIndex(of: "}") else { throw UserFileError("the scheme of a password has no end") }
        let scheme = text[text.index(after: text.startIndex)..<end].uppercased()
        let value = text[text.index(after: end)...]
        guard let verifier = Self.read(scheme, value) else {
            throw UserFileError("{\(scheme)} is no scheme that is known, or its value is broken")
        }
        self = verifier
    }

    private static func read(_ scheme: String, _ value: Substring) -> PasswordVerifier? {
        switch scheme {
        case "PLAIN", "CLEARTEXT", "CLEAR": value.isEmpty ? nil : .plain(String(value))
        case "PLAIN.B64":
            SASLBase64.decode(value).flatMap { String(validating: $0, as: UTF8.self) }.map(PasswordVerifier.plain)
        case "CRYPT", "SHA512-CRYPT", "SHA256-CRYPT", "BLF-CRYPT", "MD5-CRYPT":
            value.isEmpty ? nil : .crypt(CryptHash(String(value)))
        case "SSHA": SaltedHash(value, .sha1).map(PasswordVerifier.salted)
        case "SSHA256": SaltedHash(value, .sha256).map(PasswordVerifier.salted)
        case "SSHA512": SaltedHash(value, .sha512).map(PasswordVerifier.salted)
        default: ScramHash(rawValue: scheme).flatMap { ScramKeys(value, hash: $0) }.map(PasswordVerifier.scram)
        }
    }

    /// As it stands in a file.
    public var text: String {
        switch self {
        case .plain(let secret): "{PLAIN.b64}\(SASLBase64.encode(Array(secret.utf8)))"
        case .crypt(let hash): "{CRYPT}\(hash.text)"
        case .salted(let hash): "{\(hash.function.rawValue)}\(SASLBase64.encode(hash.octets + hash.salt))"
        case .scram(let keys): "{\(keys.hash.rawValue)}\(keys)"
        }
    }
}

/// A hash of the password and a salt, as LDAP servers keep it.
public struct SaltedHash: Hashable, Sendable {
    enum Function: String {
        case sha1 = "SSHA"
        case sha256 = "SSHA256"
        case sha512 = "SSHA512"

        func hash(_ octets: [UInt8]) -> [UInt8] {
            switch self {
            case .sha1: Array(Insecure.SHA1.hash(data: octets))
            case .sha256: Array(SHA256.hash(data: octets))
            case .sha512: Array(SHA512.hash(data: octets))
            }
        }

        var size: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            case .sha512: 64
            }
        }
    }

    let function: Function
    let octets: [UInt8]
    let salt: [UInt8]

    init?(_ text: Substring, _ function: Function) {
        guard let octets = SASLBase64.decode(text), octets.count > function.size else { return nil }
        self.function = function
        self.octets = Array(octets.prefix(function.size))
        salt = Array(octets.dropFirst(function.size))
    }

    func fits(_ password: String) -> Bool {
        ConstantTime.areEqual(function.hash(Array(password.utf8) + salt), octets)
    }
}
