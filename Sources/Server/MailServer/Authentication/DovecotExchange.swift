import DovecotAuth
import MailCore
import MailSASL
import Reception

/// One exchange with somebody whom Dovecot knows. Only its messages pass here.
actor DovecotExchange: AuthenticationExchange {
    private let mechanism: String
    private let peer: AuthenticatingPeer
    private let service: DovecotAuthService
    private let users: UserAuthentication
    private var exchange: DovecotAuthExchange?

    init(_ mechanism: String, peer: AuthenticatingPeer, service: DovecotAuthService, users: UserAuthentication) {
        self.mechanism = mechanism
        self.peer = peer
        self.service = service
        self.users = users
    }

    func respond(to response: [UInt8]?) async -> AuthenticationStep {
        switch await answer(to: response) {
        case .challenge(let challenge): return .challenge(challenge)
        case .succeeded(let user):
            users.succeeded(peer, user: user)
            return .authenticated(user: user)
        case .failed(.wrong(let user)):
            await users.failed(peer, user: user ?? "")
            return .wrong(user: user)
        case .failed(.noSuchMechanism):
            users.note("Dovecot does not know \(mechanism)")
            return .unavailable
        case .failed(.unavailable):
            users.note("Dovecot does not answer at its socket, or cannot say")
            return .unavailable
        }
    }

    private func answer(to response: [UInt8]?) async -> DovecotAuthAnswer {
        if let exchange { return await exchange.answer(to: response ?? []) }
        let request = DovecotAuthRequest(
            mechanism: mechanism, initialResponse: response, isSecured: peer.tls != nil,
            remoteAddress: peer.address?.description)
        exchange = await service.begin(request)
        return await exchange?.answer() ?? .failed(.unavailable)
    }
}
