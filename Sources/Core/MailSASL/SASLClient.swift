/// The client's side of one SASL exchange (RFC 4422), without I/O or randomness.
public struct SASLClient: Sendable {
    private enum Exchange: Sendable {
        case single([UInt8])
        case login(user: String, password: String)
        case cramMD5(user: String, password: String)
        case scram(ScramClient)
        case over
    }

    public let mechanism: SASLMechanism
    private var exchange: Exchange

    /// The mechanisms that fit the credentials, the strongest first.
    ///
    /// - Parameters:
    ///   - channelBinding: of the TLS session; without it nothing can be bound to it.
    ///   - showsSecrets: whether mechanisms are allowed that show the secret to whoever can read the session.
    public static func mechanisms(
        for credentials: SASLCredentials, channelBinding: SASLChannelBinding?, showsSecrets: Bool
    ) -> [SASLMechanism] {
        let fitting: [SASLMechanism] =
            switch credentials.secret {
            case .password:
                [
                    .scramSHA256Plus, .scramSHA256, .scramSHA1Plus, .scramSHA1, .cramMD5, .plain, .login,
                ]
            case .token: [.oauthBearer, .xoauth2]
            case .certificate: [.external]
            }
        return fitting.filter { ($0.bindsChannel ? channelBinding != nil : true) && (showsSecrets || !$0.showsSecret) }
    }

    /// - Parameters:
    ///   - offered: the mechanisms that the server named, by which a client sees that somebody hid some.
    ///   - nonce: printable ASCII without a comma that nobody can guess and that is used once.
    ///   - host: the server's name, as RFC 7628 wants it said.
    ///   - channelBinding: of the TLS session.
    public init(
        _ mechanism: SASLMechanism, _ credentials: SASLCredentials, offered: Set<SASLMechanism>, nonce: String,
        host: String? = nil, channelBinding: SASLChannelBinding? = nil
    ) {
        self.mechanism = mechanism
        let user = SASLPrep.prepare(credentials.user) ?? credentials.user
        switch (mechanism, credentials.secret) {
        case (.plain, .password(let password)):
            exchange = .single([0] + Array(user.utf8) + [0] + Array(password.utf8))
        case (.login, .password(let password)): exchange = .login(user: user, password: password)
        case (.cramMD5, .password(let password)): exchange = .cramMD5(user: user, password: password)
        case (.oauthBearer, .token(let token)):
            let host = host.map { "host=\($0)\u{1}" } ?? ""
            let name = user.isEmpty ? "" : "a=\(ScramMessage.encodeName(user))"
            exchange = .single(Array("n,\(name),\u{1}\(host)auth=Bearer \(token)\u{1}\u{1}".utf8))
        case (.xoauth2, .token(let token)):
            exchange = .single(Array("user=\(user)\u{1}auth=Bearer \(token)\u{1}\u{1}".utf8))
        case (.external, .certificate): exchange = .single(Array(user.utf8))
        case (_, .password(let password)):
            let hidesBinding = channelBinding != nil && offered.isDisjoint(with: [.scramSHA256Plus, .scramSHA1Plus])
            exchange = .scram(
                ScramClient(
                    hash: mechanism.scramHash ?? .sha256, user: user, password: password, nonce: nonce,
                    binding: mechanism.bindsChannel ? channelBinding : nil, couldBind: hidesBinding))
        default: exchange = .over
        }
    }

    /// What goes with the command; nil where the server speaks first.
    public mutating func initialResponse() -> [UInt8]? {
        switch exchange {
        case .single(let response):
            exchange = .over
            return response
        case .scram(let client): return Array(client.first.utf8)
        case .login, .cramMD5, .over: return nil
        }
    }

    /// What is answered to a challenge.
    ///
    /// - Throws: `SASLClientFailure` where the server cannot be believed; the exchange is then to be cancelled.
    public mutating func respond(to challenge: [UInt8]) throws(SASLClientFailure) -> [UInt8] {
        switch exchange {
        case .single(let response):
            exchange = .over
            return response
        // A challenge behind the last response says what is wrong; what follows is the refusal.
        case .over: return mechanism == .oauthBearer ? [1] : []
        case .login(let user, let password):
            exchange = .single(Array(password.utf8))
            return Array(user.utf8)
        case .cramMD5(let user, let password):
            exchange = .over
            let text = String(decoding: challenge, as: UTF8.self)
            return Array("\(user) ".utf8) + CramMD5Server.digest(of: text, secret: password)
        case .scram(var client):
            defer { exchange = .scram(client) }
            return try client.respond(to: challenge)
        }
    }

    /// Whether the server has shown what the mechanism has it show; before that its success counts for nothing.
    public var isComplete: Bool {
        switch exchange {
        case .over: true
        case .scram(let client): client.isServerProven
        case .single, .login, .cramMD5: false
        }
    }
}

/// Why a client does not go on with an exchange.
public struct SASLClientFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
