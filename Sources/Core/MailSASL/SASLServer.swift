/// The server's side of one SASL exchange (RFC 4422), without users, clocks or randomness: responses of the client go
/// in, and what is to be done comes out. Who somebody is and what the secrets are is asked and answered.
public struct SASLServer: Sendable {
    private enum Exchange: Sendable {
        case plain(PlainServer)
        case login(LoginServer)
        case scram(ScramServer)
        case cramMD5(CramMD5Server)
        case bearer(BearerServer)
        case external
    }

    private var exchange: Exchange
    private let mechanism: SASLMechanism

    /// - Parameters:
    ///   - nonce: printable ASCII without a comma that nobody can guess and that is used once.
    ///   - host: the server's name, for the challenge of CRAM-MD5.
    ///   - channelBinding: of the TLS session, where the server offers mechanisms that are bound to it.
    public init(
        _ mechanism: SASLMechanism, nonce: String, host: String, channelBinding: SASLChannelBinding? = nil
    ) {
        self.mechanism = mechanism
        switch mechanism {
        case .plain: exchange = .plain(PlainServer())
        case .login: exchange = .login(LoginServer())
        case .scramSHA256Plus, .scramSHA256, .scramSHA1Plus, .scramSHA1:
            exchange = .scram(
                ScramServer(
                    hash: mechanism.scramHash ?? .sha256, nonce: nonce, channelBinding: channelBinding,
                    bindsChannel: mechanism.bindsChannel))
        case .cramMD5: exchange = .cramMD5(CramMD5Server(challenge: "<\(nonce)@\(host)>"))
        case .oauthBearer, .xoauth2: exchange = .bearer(BearerServer(isXOAUTH2: mechanism == .xoauth2))
        case .external: exchange = .external
        }
    }

    /// Takes a response of the client.
    ///
    /// - Parameter response: nil at the beginning, where the client sent none with its command.
    public mutating func respond(to response: [UInt8]?) -> SASLServerStep {
        guard let response else { return firstChallenge() }
        switch exchange {
        case .plain(let server): return server.respond(to: response)
        case .login(var server):
            defer { exchange = .login(server) }
            return server.respond(to: response)
        case .scram(var server):
            defer { exchange = .scram(server) }
            return server.respond(to: response)
        case .cramMD5(var server):
            defer { exchange = .cramMD5(server) }
            return server.respond(to: response)
        case .bearer(var server):
            defer { exchange = .bearer(server) }
            return server.respond(to: response)
        case .external:
            guard let authorization = String(validating: response, as: UTF8.self) else { return .failed(.malformed) }
            return .ask(.certificate(authorization: authorization.isEmpty ? nil : authorization))
        }
    }

    private func firstChallenge() -> SASLServerStep {
        switch exchange {
        case .login: .challenge(LoginServer.userPrompt)
        case .cramMD5(let server): .challenge(Array(server.challenge.utf8))
        case .plain, .scram, .bearer, .external: .challenge([])
        }
    }

    /// Takes the answer to the last `.ask`.
    public mutating func answer(_ answer: SASLAnswer) -> SASLServerStep {
        switch (exchange, answer) {
        case (_, .unavailable): return .failed(.unavailable)
        case (_, .transitionNeeded): return .failed(.transitionNeeded)
        case (.plain, .user(let user)), (.login, .user(let user)), (.external, .user(let user)),
            (.bearer, .user(let user)):
            return .succeeded(user: user)
        case (.scram(var server), .keys(let keys, let user)):
            defer { exchange = .scram(server) }
            return server.answer(keys, user: user)
        case (.cramMD5(let server), .secret(let secret, let user)):
            return server.check(secret) ? .succeeded(user: user) : .failed(.wrong)
        case (.bearer(var server), .nobody):
            defer { exchange = .bearer(server) }
            return server.refuse()
        default: return .failed(.wrong)
        }
    }
}

/// What a server does next in an exchange.
public enum SASLServerStep: Equatable, Sendable {
    /// Send this to the client; its response comes next.
    case challenge([UInt8])
    /// Find this out, and `answer`.
    case ask(SASLQuestion)
    /// The client is who it says.
    case succeeded(user: String)
    case failed(SASLServerFailure)
}

/// What only somebody who knows the users can say.
public enum SASLQuestion: Equatable, Sendable {
    /// Is this the password of the user, who may act for `authorization`, where that is named?
    case password(user: String, password: String)
    /// What are the keys of the user? For a user who is not known: some that are made up, always the same.
    case keys(user: String, ScramHash)
    /// What is the secret of the user, in clear?
    case secret(user: String)
    /// Whose is this OAuth 2.0 access token? A client of RFC 7628 may name no user.
    case token(user: String?, token: String)
    /// Whom has TLS shown, and may it act for `authorization`?
    case certificate(authorization: String?)

    /// The user whom it is about, as far as the client names one.
    public var user: String? {
        switch self {
        case .password(let user, _), .keys(let user, _), .secret(let user): user
        case .token(let user, _): user
        case .certificate(let authorization): authorization
        }
    }
}

/// The answer to a `SASLQuestion`.
public enum SASLAnswer: Equatable, Sendable {
    /// It is this user, by the name that counts.
    case user(String)
    /// To `.keys`.
    case keys(ScramKeys, user: String)
    /// To `.secret`.
    case secret(String, user: String)
    /// The user is not known, or the password is wrong.
    case nobody
    /// The user has no keys for this mechanism, and could have with another password (RFC 4954 §6, 432).
    case transitionNeeded
    /// It cannot be found out now.
    case unavailable
}

/// Why an exchange came to nothing.
public enum SASLServerFailure: Hashable, Sendable {
    /// No such user, or a wrong password; which of them is not to be told.
    case wrong
    /// The response is none of the mechanism.
    case malformed
    case transitionNeeded
    case unavailable
}
