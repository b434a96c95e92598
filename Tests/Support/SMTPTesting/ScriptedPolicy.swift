import MailCore
public import SMTPCore

/// The decisions of a small server for `example.org`, the one that the dialogues are about:
///
/// - `ann`, `bob` and `postmaster` are users; `ann` is also one of `example.com`;
/// - `carol` is forwarded to `carol@example.net`, and that may be told (251);
/// - `dave` has moved to `dave@example.net` (551);
/// - `staff` is the list of `ann` and `bob`.
public struct ScriptedPolicy: Sendable {
    private static let users: Set = [
        "ann@example.org", "bob@example.org", "postmaster@example.org", "ann@example.com", "postmaster@example.com",
        "staff@example.org", "staff-owner@example.org",
    ]
    private static let domains: Set = ["example.org", "example.com"]

    /// Whether the peer may relay, verify and expand.
    private let isTrusted: Bool
    /// Unknown recipients a stranger may name.
    private let unknownLimit: Int
    private var unknown = 0
    /// Of the transaction: MAIL, or one of those that write to terminals, where nobody is.
    private var verb = MailCommand.Verb.mail

    public init(isTrusted: Bool = false, unknownLimit: Int = 10) {
        self.isTrusted = isTrusted
        self.unknownLimit = unknownLimit
    }

    /// - Precondition: `question` is none of AUTH, which the small server doesn't offer.
    public mutating func decide(_ question: SMTPServerQuestion) -> SMTPServerVerdict {
        switch question {
        case .greeting: .welcome(isTrusted ? [.queries, .terminals, .startQueue] : [])
        case .hello, .content: .accept()
        case .mail(let command): begin(command)
        case .recipient(let command): decide(command)
        case .startQueue(let request): Self.start(request)
        case .turn, .clientAttributes: preconditionFailure("nobody may do that")
        case .message: .accept(SMTPReply(250, .init(.success, 0, 0), "Queued as 1"))
        case .verify(let query): verify(query.text)
        case .expand(let query): expand(query.text)
        case .status: .accept(SMTPReply(211, .init(.success, 0, 0), "All is well"))
        case .authenticate, .authenticationResponse: preconditionFailure("no mechanism is offered")
        }
    }

    private mutating func begin(_ command: MailCommand) -> SMTPServerVerdict {
        verb = command.verb
        return .accept()
    }

    private mutating func decide(_ command: RecipientCommand) -> SMTPServerVerdict {
        let verdict = decide(command.forwardPath)
        guard verb == .send, case .accept = verdict else { return verdict }
        return .refuse(SMTPReply(450, .init(.persistentTransientFailure, 2, 1), "Nobody is there"))
    }

    private static func start(_ request: QueueRequest) -> SMTPServerVerdict {
        switch request {
        case .domain(let domain), .domainAndBelow(let domain):
            guard domains.contains(domain.description) else {
                return .accept(SMTPReply(251, .init(.success, 0, 0), "No messages waiting for node \(request)"))
            }
            return .refuse(SMTPReply(459, .init(.persistentTransientFailure, 7, 1), "Node \(request) not allowed"))
        case .queue:
            return .refuse(SMTPReply(458, .init(.persistentTransientFailure, 3, 0), "There is no such queue"))
        }
    }

    private mutating func decide(_ path: ForwardPath) -> SMTPServerVerdict {
        guard case .mailbox(let address) = path else { return .accept() }
        let name = Self.name(address)
        if let verdict = Self.forwarded(name) { return verdict }
        if Self.users.contains(name) { return .accept() }
        guard Self.isLocal(address) else { return isTrusted ? .accept() : Self.no(550, 7, 1, "Relaying denied") }
        guard !isTrusted else { return Self.noSuchUser }
        unknown += 1
        if unknown <= unknownLimit { return Self.noSuchUser }
        let status = EnhancedStatusCode(.persistentTransientFailure, 7, 0)
        return .refuseAndClose(SMTPReply(421, status, "mail.example.org Too many unknown recipients"))
    }

    private static func forwarded(_ name: String) -> SMTPServerVerdict? {
        switch name {
        case "carol@example.org":
            .accept(SMTPReply(251, .init(.success, 1, 5), "User not local; will forward to <carol@example.net>"))
        case "dave@example.org": no(551, 1, 6, "User has moved; please try <dave@example.net>")
        default: nil
        }
    }

    private func verify(_ text: String) -> SMTPServerVerdict {
        if text.lowercased() == "ann" { return Self.no(553, 1, 4, "<ann@example.org> or <ann@example.com>") }
        guard let address = try? EmailAddress(text.contains("@") ? text : "\(text)@example.org") else {
            return Self.no(501, 1, 3, "That is no address")
        }
        let name = Self.name(address)
        if let verdict = Self.forwarded(name) { return verdict }
        if Self.users.contains(name) { return .accept(SMTPReply(250, .init(.success, 1, 5), "<\(name)>")) }
        return Self.isLocal(address) ? Self.noSuchUser : .accept(SMTPReply(252, .init(.success, 5, 0), "Not local"))
    }

    private func expand(_ text: String) -> SMTPServerVerdict {
        guard ["staff", "staff@example.org"].contains(text.lowercased()) else { return Self.noSuchUser }
        return .accept(SMTPReply(250, .init(.success, 1, 5), lines: ["<ann@example.org>", "<bob@example.org>"]))
    }

    private static func no(_ code: Int, _ subject: Int, _ detail: Int, _ text: String) -> SMTPServerVerdict {
        .refuse(SMTPReply(code, EnhancedStatusCode(.permanentFailure, subject, detail), text))
    }

    private static let noSuchUser = no(550, 1, 1, "No such user here")

    private static func isLocal(_ address: EmailAddress) -> Bool {
        address.domain.map { domains.contains($0.description) } ?? false
    }

    /// The address that decides: letters in lower case, without a subaddress.
    private static func name(_ address: EmailAddress) -> String {
        let user = address.localPart.folded.prefix { $0 != "+" }
        return "\(user)@\(address.host)"
    }
}
