import struct Crypto.HMAC
import protocol Crypto.HashFunction
import enum Crypto.Insecure
import struct Crypto.SHA256
import struct Crypto.SymmetricKey

/// The hash function of a SCRAM mechanism.
public enum ScramHash: String, CaseIterable, Hashable, Sendable {
    case sha1 = "SCRAM-SHA-1"
    case sha256 = "SCRAM-SHA-256"

    /// Octets of a hash.
    public var size: Int { self == .sha1 ? 20 : 32 }

    func hash(_ octets: [UInt8]) -> [UInt8] {
        switch self {
        case .sha1: Array(Insecure.SHA1.hash(data: octets))
        case .sha256: Array(SHA256.hash(data: octets))
        }
    }

    func authenticate(_ octets: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: key)
        return switch self {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: octets, using: key))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: octets, using: key))
        }
    }

    /// `Hi` (RFC 5802 §2.2): PBKDF2 with one block.
    func saltedPassword(_ password: String, salt: [UInt8], iterations: Int) -> [UInt8] {
        let key = SymmetricKey(data: Array(password.utf8))
        return switch self {
        case .sha1: Self.derive(HMAC<Insecure.SHA1>(key: key), salt, iterations)
        case .sha256: Self.derive(HMAC<SHA256>(key: key), salt, iterations)
        }
    }

    private static func derive<H: HashFunction>(_ keyed: HMAC<H>, _ salt: [UInt8], _ iterations: Int) -> [UInt8] {
        var first = keyed
        first.update(data: salt + [0, 0, 0, 1])
        var block = Array(first.finalize())
        var result = block
        for _ in 1..<max(1, iterations) {
            var mac = keyed
            mac.update(data: block)
            mac.finalize().withUnsafeBytes { code in
                for index in block.indices {
                    block[index] = code[index]
                    result[index] ^= code[index]
                }
            }
        }
        return result
    }
}
