public import MailSASL

/// A user who can log in.
public struct UserRecord: Hashable, Sendable {
    /// The address, or a name of another kind, as it was given.
    public let name: String
    /// What is kept of the password; at least one.
    public let verifiers: [PasswordVerifier]

    public init(name: String, verifiers: [PasswordVerifier]) {
        self.name = name
        self.verifiers = verifiers
    }

    /// Whether `password` is the user's. May block its thread for a tenth of a second.
    public func fits(_ password: String) -> Bool {
        let strongest = verifiers.first { if case .crypt = $0 { true } else { false } } ?? verifiers.first
        return strongest?.fits(password) ?? false
    }

    public func keys(for hash: ScramHash) -> ScramKeys? {
        for verifier in verifiers {
            if case .scram(let keys) = verifier, keys.hash == hash { return keys }
        }
        return nil
    }

    /// The password itself, where it is kept.
    public var secret: String? {
        for verifier in verifiers { if case .plain(let secret) = verifier { return secret } }
        return nil
    }
}
