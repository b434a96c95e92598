import SMTPCore
import SMTPServer

/// Where a verdict of the session's goes: to its peer; what is positive, where there are filters, by way of these.
struct ReceptionAnswer: Sendable {
    let answer: SMTPAnswer
    /// The step of which filters are told, if there are any.
    var step: FilterEvent?
    var filters: FilterChain?

    init(_ answer: SMTPAnswer) {
        self.answer = answer
    }

    func callAsFunction(_ verdict: SMTPServerVerdict) {
        guard let filters, let step, verdict.isAcceptance else { return answer(verdict) }
        Task { [answer] in answer(await filters.verdict(on: step, usual: verdict)) }
    }
}

extension SMTPServerVerdict {
    var isAcceptance: Bool {
        switch self {
        case .accept, .welcome: true
        case .refuse, .refuseAndClose, .eachRecipient, .challenge, .authenticated: false
        }
    }
}
