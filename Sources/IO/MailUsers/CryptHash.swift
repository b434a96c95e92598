import CCrypt
import Glibc
import MailSASL

/// A password hash as crypt(5) writes it. Making and checking one takes a tenth of a second, as it must.
public struct CryptHash: Hashable, Sendable {
    public let text: String

    /// - Parameter text: with its method and salt, `$y$…`.
    public init(_ text: String) {
        self.text = text
    }

    /// What the password of nobody is checked against, so that it takes as long as that of somebody.
    public static let ofNobody = CryptHash("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$9k29iyx8mlyOhYXkUf4lRXfEgXBlMrETSgxcmTXzOR6")

    /// The hash of a password by yescrypt.
    ///
    /// - Parameter salt: 16 random octets.
    /// - Returns: nil where the C library does not know yescrypt.
    public static func yescrypt(_ password: String, salt: [UInt8]) -> CryptHash? {
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let octets = salt.map { CChar(bitPattern: $0) }
        guard crypt_gensalt_rn("$y$", 0, octets, Int32(octets.count), &setting, Int32(setting.count)) != nil else {
            return nil
        }
        return hash(password, setting: String(decoding: setting.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
            .map(CryptHash.init)
    }

    /// Whether this is the hash of a password. Blocks its thread for as long as that takes.
    public func fits(_ password: String) -> Bool {
        guard let again = Self.hash(password, setting: text) else { return false }
        return ConstantTime.areEqual(Array(again.utf8), Array(text.utf8))
    }

    private static func hash(_ password: String, setting: String) -> String? {
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        memset(data, 0, MemoryLayout<crypt_data>.size)
        defer {
            explicit_bzero(data, MemoryLayout<crypt_data>.size)
            data.deallocate()
        }
        guard let result = crypt_r(password, setting, data) else { return nil }
        let text = String(cString: result)
        // A method that is not known gives a text that is no hash.
        return text.hasPrefix("*") ? nil : text
    }
}
