import MailCore
import MailSASL
import SMTPCore
import SMTPServer
import Synchronization

/// The attempts of one session to log in.
final class SessionAuthentication {
    /// What somebody may do who has logged in.
    typealias Privileges = @Sendable (String) -> SMTPServerPrivileges

    /// Carries the user from where the last step is decided to the session.
    private final class Result: Sendable {
        private struct Names {
            var proved: String?
            var tried: String?
        }

        private let names = Mutex(Names())

        func set(_ step: AuthenticationStep) {
            switch step {
            case .authenticated(let user): names.withLock { $0.proved = user }
            case .wrong(let user): names.withLock { $0.tried = user }
            case .challenge, .malformed, .transitionNeeded, .unavailable: return
            }
        }

        func takeProved() -> String? { names.withLock { $0.proved.take() } }
        func takeTried() -> String? { names.withLock { $0.tried.take() } }
    }

    private static let mostFailures = 3
    /// Before somebody hears that nothing is checked now, who would else ask again at once.
    private static let pause = Duration.seconds(5)

    private let service: any AuthenticationService
    private let hostname: String
    private var exchange: (any AuthenticationExchange)?
    /// That of the last exchange.
    private(set) var mechanism = ""
    private var failures = 0
    private let result = Result()

    init(service: any AuthenticationService, hostname: String) {
        self.service = service
        self.hostname = hostname
    }

    /// Answers AUTH.
    func begin(
        _ command: AuthenticateCommand, _ peer: AuthenticatingPeer, privileges: @escaping Privileges,
        _ answer: SMTPAnswer
    ) -> SMTPDecision {
        guard let exchange = service.begin(command.mechanism, for: peer) else {
            return .delayed(.refuse(.authenticationUnavailable), by: Self.pause)
        }
        self.exchange = exchange
        mechanism = command.mechanism
        guard let initial = command.initialResponse else {
            respond(with: nil, privileges, answer)
            return .later
        }
        return respond(toWire: initial == "=" ? "" : initial, privileges, answer)
    }

    /// Answers what the client says to a challenge.
    func respond(
        toWire text: String, _ privileges: @escaping Privileges, _ answer: SMTPAnswer
    ) -> SMTPDecision {
        guard let response = SASLBase64.decode(text) else { return .now(.refuse(.responseNotBase64)) }
        respond(with: response, privileges, answer)
        return .later
    }

    private func respond(with response: [UInt8]?, _ privileges: @escaping Privileges, _ answer: SMTPAnswer) {
        guard let exchange else { return answer(.refuse(.authenticationUnavailable)) }
        let isLast = failures + 1 >= Self.mostFailures
        Task { [hostname, result] in
            let step = await exchange.respond(to: response)
            result.set(step)
            answer(step.verdict(privileges, isLast: isLast, hostname: hostname))
        }
    }

    /// Whom somebody said to be who was not let in; nil where no name was read. Asked once for each refusal.
    func takeTriedUser() -> String? { result.takeTried() }

    /// Takes note of a reply; the user, if it says that somebody has logged in.
    func replied(_ reply: SMTPReply) -> String? {
        switch reply.code {
        case 235: return result.takeProved()
        case 535: failures += 1
        default: break
        }
        return nil
    }
}

extension AuthenticationStep {
    fileprivate func verdict(
        _ privileges: SessionAuthentication.Privileges, isLast: Bool, hostname: String
    ) -> SMTPServerVerdict {
        switch self {
        case .challenge(let challenge): .challenge(SASLBase64.encode(challenge))
        case .authenticated(let user): .authenticated(identity: user, privileges(user))
        case .wrong: isLast ? .refuseAndClose(.tooManyFailures(hostname)) : .refuse(.wrongCredentials)
        case .malformed: .refuse(.malformedResponse)
        case .transitionNeeded: .refuse(.transitionNeeded)
        case .unavailable: .refuse(.authenticationUnavailable)
        }
    }
}

/// The replies of RFC 4954 §6.
extension SMTPReply {
    static let wrongCredentials = SMTPReply(
        535, .init(.permanentFailure, 7, 8), "That user and that secret do not go together")
    static let responseNotBase64 = SMTPReply(501, .init(.permanentFailure, 5, 2), "The response is not base64")
    static let malformedResponse = SMTPReply(
        501, .init(.permanentFailure, 5, 2), "The response is none of the mechanism")
    static let transitionNeeded = SMTPReply(
        432, .init(.persistentTransientFailure, 7, 12), "A new password is needed for that mechanism")
    static let authenticationUnavailable = SMTPReply(
        454, .init(.persistentTransientFailure, 7, 0), "I cannot authenticate you now")

    static func tooManyFailures(_ hostname: String) -> SMTPReply {
        SMTPReply(421, .init(.persistentTransientFailure, 7, 0), "\(hostname) Too many failures; goodbye")
    }

    static let notYourAddress = SMTPReply(
        553, .init(.permanentFailure, 7, 1), "That sender is not yours to name")
    static let tooManyForUser = SMTPReply(
        450, .init(.persistentTransientFailure, 7, 1), "You have sent much; try again later")
}
