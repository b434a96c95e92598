import MailSASL
import Reception

/// One exchange with somebody who says to be a user.
actor UserExchange: AuthenticationExchange {
    private var server: SASLServer
    private let peer: AuthenticatingPeer
    private let users: UserAuthentication
    private var name = ""

    init(_ server: SASLServer, peer: AuthenticatingPeer, users: UserAuthentication) {
        self.server = server
        self.peer = peer
        self.users = users
    }

    func respond(to response: [UInt8]?) async -> AuthenticationStep {
        var step = server.respond(to: response)
        if case .ask(let question) = step {
            name = question.user ?? ""
            step = server.answer(await users.answer(question, from: peer))
        }
        switch step {
        case .challenge(let challenge): return .challenge(challenge)
        case .succeeded(let user):
            users.succeeded(peer, user: user)
            return .authenticated(user: user)
        case .failed(.wrong):
            await users.failed(peer, user: name)
            return .wrong(user: name.isEmpty ? nil : name)
        case .failed(.malformed): return .malformed
        case .failed(.transitionNeeded): return .transitionNeeded
        case .ask, .failed(.unavailable): return .unavailable
        }
    }
}
