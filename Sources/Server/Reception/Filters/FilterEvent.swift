import MailCore
import MilterCore
import SMTPCore
import SMTPServer

/// A step of a session as filters are told of it.
struct FilterEvent: Sendable {
    let event: MilterEvent
    let facts: FilterFacts
}

/// What is known of a session, for the macros of filters.
struct FilterFacts: Sendable {
    let hostname: String
    let peer: SMTPPeer
    let tls: TLSSession?
    /// Who has logged in, and how.
    let user: String?
    let mechanism: String?
    let queueID: QueueID?
    let reversePath: ReversePath?
    var recipient: EmailAddress?

    /// By the names that Sendmail and Postfix gave them.
    var macros: [MilterMacro] {
        let address = peer.address?.description
        let known: [(String, String?)] = [
            ("j", hostname), ("v", "Martlet"), ("{daemon_name}", peer.listener), ("{client_name}", "unknown"),
            ("{client_addr}", address), ("{client_port}", peer.port.map(String.init)),
            ("_", "unknown [\(address ?? "local")]"), ("{tls_version}", tls?.version), ("{cipher}", tls?.cipher),
            ("{auth_type}", user == nil ? nil : mechanism), ("{auth_authen}", user), ("i", queueID?.description),
            ("{mail_addr}", reversePath.map { $0.mailbox?.description ?? "" }),
            ("{rcpt_addr}", recipient?.description),
        ]
        return known.compactMap { name, value in value.map { MilterMacro(name, $0) } }
    }
}

extension MilterEvent {
    /// What filters are told of a question that they have a say in; nil for all others.
    init?(_ question: SMTPServerQuestion, peer: SMTPPeer) {
        switch question {
        case .greeting:
            let place = peer.address.map { MilterPeer.ip($0, port: peer.port ?? 0) } ?? .local(path: "local")
            self = .connect(name: "unknown", place)
        case .hello(let command): self = .hello(command.name)
        case .mail(let command):
            self = .mail(path: command.reversePath.description, parameters: command.parameters.words)
        case .recipient(let command): self = .recipient(path: command.forwardPath.description, parameters: [])
        case .content: self = .data
        case .message, .verify, .expand, .status, .startQueue, .turn, .clientAttributes, .authenticate,
            .authenticationResponse:
            return nil
        }
    }
}

extension MailParameters {
    /// Those that tell something about the message.
    fileprivate var words: [String] {
        [size.map { "SIZE=\($0)" }, body.map { "BODY=\($0.rawValue)" }, smtputf8 ? "SMTPUTF8" : nil].compactMap(\.self)
    }
}
