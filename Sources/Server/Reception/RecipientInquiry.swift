import MailCore
import SMTPCore

/// What others are asked before a recipient is taken that the directory does not refuse.
struct RecipientInquiry: Sendable {
    /// How terminals are meant, and the user at them; nil where the address is no user's here.
    struct Terminals: Sendable {
        let verb: MailCommand.Verb
        let user: String?
    }

    private let terminals: Terminals?
    private let screened: ScreenedRecipient?
    /// One that DNS must not speak against.
    private let domain: Domain?
    private let acceptance: SMTPServerVerdict

    init(_ decision: RecipientPolicy.Decision, terminals: Terminals?, screened: ScreenedRecipient?) {
        self.terminals = terminals
        self.screened = screened
        domain = decision.domain
        acceptance = .accept(decision.reply)
    }

    /// Whether there is anything to ask.
    var isOpen: Bool { asksTerminals || screened != nil || domain != nil }

    /// SAML shows what it can, and keeps the message anyway.
    private var asksTerminals: Bool { terminals.map { $0.verb != .saml } ?? false }

    /// SEND wants somebody there; SOML looks who is, and only else there will be a message in the mailbox.
    func verdict(_ services: ReceptionServices) async -> SMTPServerVerdict {
        if asksTerminals, let terminals {
            if let user = terminals.user, await services.terminals.isThere(user) { return .accept(.userIsThere) }
            if terminals.verb == .send { return .refuse(.userNotThere) }
        }
        if let screened, let objection = await services.screens.objection(to: screened) { return .refuse(objection) }
        guard let domain else { return acceptance }
        return await services.domains.verdict(on: domain)
    }
}
