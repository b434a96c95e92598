import MailCore
import MailDirectory
import MailOAuth
import MailSASL
import MailUsers
import Reception
import SMTPCore

/// Users for whom somebody else vouches: who gave out a token, or a certificate. They must be users of this server.
extension UserAuthentication {
    /// - Parameter name: whom the client says to be; nil where it leaves that to the token.
    func user(of token: String, saidToBe name: String?) -> SASLAnswer {
        let configuration = settings.configuration
        guard let keys = configuration.tokenKeys, let policy = configuration.oauth.policy else { return .nobody }
        do throws(TokenRefusal) {
            let now = Double(SystemClock.now().microseconds) / 1_000_000
            let user = try AccessToken(token, keys: keys).user(policy, at: now)
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
        case .oauthBearer, .xoauth2: oauth.keyFile == nil ? auth.dovecot?.description : nil
        default: auth.dovecot?.description
        }
    }
}

extension OAuthConfiguration {
    /// nil where issuer or audience are missing.
    fileprivate var policy: TokenPolicy? {
        guard let issuer, let audience else { return nil }
        return TokenPolicy(
            issuer: issuer, audience: audience, userClaim: userClaim, clockSkew: Double(clockSkew.components.seconds))
    }
}
