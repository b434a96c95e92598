import MailCore
import MailDirectory
import SMTPCore

/// Decides about one recipient: is it somebody here, and if not, may this peer relay?
struct RecipientPolicy {
    enum Decision: Equatable {
        case accept(EmailAddress, SMTPReply?)
        /// Accepted unless DNS speaks against the domain.
        case lookUp(EmailAddress, Domain)
        case refuse(SMTPReply)
        /// Refused, and one of those that somebody who guesses addresses collects.
        case unknown(SMTPReply)

        /// Who the message is for, where that is somebody it may be for.
        var address: EmailAddress? {
            switch self {
            case .accept(let address, _), .lookUp(let address, _): address
            case .refuse, .unknown: nil
            }
        }

        /// What DNS must not speak against.
        var domain: Domain? {
            if case .lookUp(_, let domain) = self { domain } else { nil }
        }

        /// What is said instead of the usual.
        var reply: SMTPReply? {
            if case .accept(_, let reply) = self { reply } else { nil }
        }
    }

    let settings: ReceptionSettings
    let isTrusted: Bool

    func decide(_ path: ForwardPath) -> Decision {
        switch path {
        case .mailbox(let address): decide(address)
        case .postmaster:
            settings.directory.postmaster.map { .accept($0, nil) } ?? .refuse(.noSuchUser)
        }
    }

    private func decide(_ address: EmailAddress) -> Decision {
        switch settings.directory.lookup(address) {
        case .mailbox, .list, .catchAll, .alias(_, tell: false): .accept(address, nil)
        case .alias(let targets, tell: true):
            .accept(address, targets.count == 1 ? .willForward(to: targets[0]) : nil)
        case .moved(let new): .refuse(.moved(to: new))
        case .unknownUser: .unknown(.noSuchUser)
        case .notLocal: isTrusted ? decideForeign(address) : .refuse(.relayingDenied)
        }
    }

    private func decideForeign(_ address: EmailAddress) -> Decision {
        switch settings.foreignMail(address.domain) {
        case .take: return .accept(address, nil)
        case .takeIfInDNS: return address.domain.map { .lookUp(address, $0) } ?? .accept(address, nil)
        case .refuse(let status, let text):
            return .refuse(SMTPReply(status.class == .permanentFailure ? 550 : 450, status, text))
        }
    }
}
