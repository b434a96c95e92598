public import MailSASL

/// Who a client says it is, and how it may prove that.
public struct SMTPClientAuthentication: Hashable, Sendable {
    public var credentials: SASLCredentials
    /// Printable ASCII without a comma that nobody can guess and that is used once.
    public var nonce: String
    /// Whether the secret may be shown in a session that is not encrypted.
    public var mayShowSecretInClear: Bool

    public init(_ credentials: SASLCredentials, nonce: String, mayShowSecretInClear: Bool = false) {
        self.credentials = credentials
        self.nonce = nonce
        self.mayShowSecretInClear = mayShowSecretInClear
    }
}

/// What a client machine knows of AUTH (RFC 4954).
struct ClientAuthentication {
    let settings: SMTPClientAuthentication
    /// The mechanisms to be tried, the strongest first.
    var candidates: ArraySlice<SASLMechanism> = []
    var offered: Set<SASLMechanism> = []
    var exchange: SASLClient?

    /// - Throws: `SASLClientFailure` if the server offers nothing that fits.
    mutating func choose(
        of keywords: [String]?, channelBinding: SASLChannelBinding?, isEncrypted: Bool
    ) throws(SASLClientFailure) {
        guard let keywords else { throw SASLClientFailure("the server does not offer AUTH") }
        offered = Set(keywords.compactMap { SASLMechanism(rawValue: $0.uppercased()) })
        let fitting = { [settings, offered] (showsSecrets: Bool) in
            SASLClient.mechanisms(
                for: settings.credentials, channelBinding: channelBinding, showsSecrets: showsSecrets
            ).filter(offered.contains)
        }
        candidates = fitting(isEncrypted || settings.mayShowSecretInClear)[...]
        guard candidates.isEmpty else { return }
        throw SASLClientFailure(
            fitting(true).isEmpty
                ? "the server offers no mechanism that fits: \(keywords.joined(separator: " "))"
                : "the server would have the secret shown in a session that is not encrypted")
    }
}
