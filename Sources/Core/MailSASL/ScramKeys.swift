import MailCore

/// What a server keeps of a password for SCRAM (RFC 5802 §3): enough to check it, and not enough to log in elsewhere.
public struct ScramKeys: Hashable, Sendable {
    public let hash: ScramHash
    public let iterations: Int
    public let salt: [UInt8]
    public let storedKey: [UInt8]
    public let serverKey: [UInt8]

    /// Iterations between which a client believes a server: fewer would give the password away to whoever plays the
    /// server (RFC 7677 §4), more would only burn time.
    public static let believableIterations = 4_096...1_000_000

    public init(hash: ScramHash, iterations: Int, salt: [UInt8], storedKey: [UInt8], serverKey: [UInt8]) {
        self.hash = hash
        self.iterations = iterations
        self.salt = salt
        self.storedKey = storedKey
        self.serverKey = serverKey
    }

    /// The keys for a password.
    ///
    /// - Parameter password: is prepared by `SASLPrep` where it can be.
    public init(password: String, hash: ScramHash, salt: [UInt8], iterations: Int) {
        let salted = hash.saltedPassword(
            SASLPrep.prepare(password) ?? password, salt: salt, iterations: iterations)
        let clientKey = hash.authenticate(Array("Client Key".utf8), key: salted)
        self.init(
            hash: hash, iterations: iterations, salt: salt, storedKey: hash.hash(clientKey),
            serverKey: hash.authenticate(Array("Server Key".utf8), key: salted))
    }

    /// Reads what `description` writes.
    public init?(_ text: some StringProtocol, hash: ScramHash) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 4, let iterations = Int(parts[0]), iterations > 0,
            iterations <= Self.believableIterations.upperBound,
            let salt = SASLBase64.decode(parts[1]), !salt.isEmpty, let storedKey = SASLBase64.decode(parts[2]),
            let serverKey = SASLBase64.decode(parts[3]), storedKey.count == hash.size, serverKey.count == hash.size
        else { return nil }
        self.init(hash: hash, iterations: iterations, salt: salt, storedKey: storedKey, serverKey: serverKey)
    }

    /// Whether these are the keys for a password.
    public func fit(_ password: String) -> Bool {
        let keys = ScramKeys(password: password, hash: hash, salt: salt, iterations: iterations)
        return ConstantTime.areEqual(keys.storedKey, storedKey)
    }

    /// Whether `proof` shows that a client knows the password.
    func accept(proof: [UInt8], of message: [UInt8]) -> Bool {
        let signature = hash.authenticate(message, key: storedKey)
        guard proof.count == signature.count else { return false }
        return ConstantTime.areEqual(hash.hash(zip(proof, signature).map { $0 ^ $1 }), storedKey)
    }

    /// What shows a client that the server knows the keys.
    func signature(of message: [UInt8]) -> [UInt8] { hash.authenticate(message, key: serverKey) }
}

extension ScramKeys: CustomStringConvertible {
    /// Iterations, salt, StoredKey and ServerKey, as Dovecot writes them.
    public var description: String {
        "\(iterations),\(SASLBase64.encode(salt)),\(SASLBase64.encode(storedKey)),\(SASLBase64.encode(serverKey))"
    }
}
