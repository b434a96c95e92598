import MailCore
import MailDirectory
import MailOAuth
import MailSASL
import MailUsers
import Reception
import SMTPCore
import WebClient

/// Users for whom somebody else vouches: who gave out a token, or a certificate. They must be users of this server.
extension UserAuthentication {
    /// - Parameter name: whom the client says to be; nil where it leaves that to the token.
    func user(of token: String, saidToBe name: String?, from address: IPAddress?) async -> SASLAnswer {
        do throws(TokenRefusal) {
            let now = Double(SystemClock.now().microseconds) / 1_000_000
            guard let user = try await owner(of: token, from: address, settings.configuration, at: now) else {
                try? await Task.sleep(for: Self.pauseWithoutRoom)
                return .unavailable
            }
            guard name == nil || name?.lowercased() == user.lowercased() else {
                note("an access token for \(user) was shown for \(name ?? "")")
                return .nobody
            }
            return vouched(user)
        } catch {
            note("an access token was refused: \(error.rawValue)")
            return .nobody
        }
    }

    /// Whom a token is for; nil where that cannot be found out now. A token that a key has signed is nothing to ask about.
    private func owner(
        of token: String, from address: IPAddress?, _ configuration: ServerConfiguration, at now: Double
    ) async throws(TokenRefusal) -> String? {
        let oauth = configuration.oauth
        if let keys = configuration.tokenKeys, let policy = oauth.policy {
            do throws(TokenRefusal) {
                return try AccessToken(token, keys: keys).user(policy, at: now)
            } catch {
                let isOfOthers = error == .unreadable || error == .badSignature
                guard isOfOthers, oauth.introspectionEndpoint != nil else { throw error }
            }
        }
        guard let endpoint = oauth.introspectionEndpoint, let client = oauth.clientID, let secret = oauth.clientSecret
        else { throw .unreadable }
        guard let standing = enterTokenCheck(from: address) else {
            note("too many access tokens are asked about at once")
            return nil
        }
        defer { leaveTokenCheck(standing) }
        let introspection: TokenIntrospection
        do throws(WebFailure) {
            introspection = try await introspector.introspection(
                of: token, at: endpoint, client: client, secret: secret)
        } catch {
            note("nobody says what an access token is worth: \(error)")
            return nil
        }
        return try introspection.user(oauth.introspectionPolicy, at: now)
    }

    /// - Parameter name: whom the client wants to be; nil for the first one whom the certificate names.
    func user(of certificate: TLSPeerCertificate?, saidToBe name: String?) -> SASLAnswer {
        guard let certificate, certificate.isVerified else { return .nobody }
        let named = certificate.mailboxes.filter { name == nil || name?.lowercased() == $0.lowercased() }
        return named.lazy.map(vouched).first { $0 != .nobody } ?? .nobody
    }

    private func vouched(_ name: String) -> SASLAnswer {
        if let record = settings.configuration.users.find(name) { return .user(record.name) }
        guard let address = try? EmailAddress(name),
            case .mailbox(let mailbox) = settings.reception.directory.lookup(address),
            mailbox.address.isSame(as: address)
        else {
            note("\(name) is no user of this server")
            return .nobody
        }
        return .user("\(mailbox.address)")
    }
}

extension ServerConfiguration {
    /// The socket of Dovecot where it knows the users of a mechanism; nil where they are the server's.
    func dovecot(for mechanism: SASLMechanism?) -> String? {
        switch mechanism {
        case .external: nil
        case .oauthBearer, .xoauth2: oauth.takesTokens ? nil : auth.dovecot?.description
        default: auth.dovecot?.description
        }
    }
}

extension OAuthConfiguration {
    /// nil where issuer or audience are missing.
    fileprivate var policy: TokenPolicy? {
        guard let issuer, let audience else { return nil }
        return TokenPolicy(
            issuer: issuer, audience: audience, userClaim: userClaim ?? "email", scope: scope,
            clockSkew: Double(clockSkew.components.seconds))
    }

    fileprivate var introspectionPolicy: IntrospectionPolicy {
        IntrospectionPolicy(
            issuer: issuer, audience: audience, userClaim: userClaim, scope: scope,
            clockSkew: Double(clockSkew.components.seconds))
    }
}
