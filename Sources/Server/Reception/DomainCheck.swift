public import MailCore
import NIOConcurrencyHelpers
public import QueueCore
import SMTPCore

/// Looks recipients' domains up in DNS, so many at once and no more: what is not looked up for that is taken, and delivery
/// finds out.
public final class DomainCheck: Sendable {
    private let limit: Int
    private let refusal: @Sendable (Domain) async -> MailDomainRefusal?
    private let running = NIOLockedValueBox(0)

    /// - Parameters:
    ///   - limit: look-ups that are under way at once, for all sessions.
    ///   - refusal: what DNS says against a domain; it comes to an end by itself.
    public init(atOnce limit: Int = 200, _ refusal: @escaping @Sendable (Domain) async -> MailDomainRefusal?) {
        self.limit = limit
        self.refusal = refusal
    }

    func verdict(on domain: Domain) async -> SMTPServerVerdict {
        let mayLookUp = running.withLockedValue { running in
            guard running < limit else { return false }
            running += 1
            return true
        }
        guard mayLookUp else { return .accept() }
        defer { running.withLockedValue { $0 -= 1 } }
        switch await refusal(domain) {
        case .nullMX: return .refuse(.domainTakesNoMail)
        case .noSuchDomain: return .refuse(.noSuchDomain)
        case .unknownNow: return .refuse(.domainUnknownNow)
        case nil: return .accept()
        }
    }
}
