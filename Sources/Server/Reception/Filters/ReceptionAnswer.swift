import SMTPCore
import SMTPServer

/// Where a verdict of the session's goes: to its peer; what is positive, where there are filters, by way of these.
struct ReceptionAnswer: Sendable {
    let answer: SMTPAnswer
    let review: FilterReview?

    init(_ answer: SMTPAnswer, by review: FilterReview? = nil) {
        self.answer = answer
        self.review = review
    }

    func callAsFunction(_ verdict: SMTPServerVerdict) {
        guard let review, verdict.isAcceptance else { return answer(verdict) }
        Task { [answer] in answer(await review.filters.verdict(on: review.step, usual: verdict)) }
    }
}

/// A step that filters have a say in. It is an object, so that a session without filters carries nothing of it about.
final class FilterReview: Sendable {
    let filters: FilterChain
    let step: FilterEvent

    init(_ step: FilterEvent, by filters: FilterChain) {
        self.step = step
        self.filters = filters
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
