import Delivery
import MailCore
import MailSpool
import QueueCore
import Reception
import SMTPCore

/// Has recipients tried that wait for domains elsewhere, because somebody asks with ETRN (RFC 1985).
struct QueueRunner: QueueStarter {
    /// Messages that are looked at for one request before the answer is that there are many.
    private static let pageSize = 1_000
    /// Domains below one that a request for all of them is for.
    private static let mostDomains = 100

    let spool: Spool
    let settings: ServerSettings
    /// Hears what was done.
    let changed: @Sendable (QueueChange, [QueueHit]) -> Void
    private let gate = QueueRunGate()

    init(spool: Spool, settings: ServerSettings, changed: @escaping @Sendable (QueueChange, [QueueHit]) -> Void) {
        self.spool = spool
        self.settings = settings
        self.changed = changed
    }

    func start(_ request: SMTPCore.QueueRequest) async -> QueueStart {
        guard gate.enter() else { return .unable("too many ask at once") }
        defer { gate.leave() }
        do {
            switch request {
            case .domain(let domain):
                if let refusal = refusal(of: domain) { return refusal }
                return try await retry([domain])
            case .domainAndBelow(let domain):
                if let refusal = refusal(of: domain) { return refusal }
                return try await retry(try await waitingDomains(atOrBelow: domain))
            case .queue(let name):
                guard let peer = settings.configuration.turns.first(where: { $0.name == name }) else {
                    return .unable("there is no such queue")
                }
                return try await retry(peer.domains)
            }
        } catch {
            return .unable("the queue cannot be read now")
        }
    }

    /// Mail for mailboxes of this server waits for nobody who could come for it.
    private func refusal(of domain: Domain) -> QueueStart? {
        let local = settings.configuration.domains.first { $0.name == domain }
        guard let local else { return nil }
        if case .route = local.delivery { return nil }
        return .notAllowed("its mail ends here")
    }

    private func retry(_ domains: [Domain]) async throws -> QueueStart {
        var messages: Set<QueueID> = []
        for domain in domains {
            var filter = QueueFilter()
            filter.domain = domain.description
            let hits = try await spool.change(.retry, filter, limit: Self.pageSize, isRehearsal: false)
            changed(.retry, hits)
            messages.formUnion(hits.lazy.map(\.id))
            if hits.count == Self.pageSize { return .startedMany }
        }
        if !messages.isEmpty { return .started(messages: messages.count) }
        for domain in domains where try await isHeld(domain) { return .unable("they are held") }
        return .nothingWaits
    }

    /// Whether something for a domain waits until somebody comes for it, or a person releases it.
    private func isHeld(_ domain: Domain) async throws -> Bool {
        var filter = QueueFilter()
        filter.domain = domain.description
        return try await !spool.change(.release, filter, limit: 1, isRehearsal: true).isEmpty
    }

    /// The domain and those below it that something waits for.
    private func waitingDomains(atOrBelow domain: Domain) async throws -> [Domain] {
        let filter = QueueFilter(recipient: domain.description)
        var hits = try await spool.change(.retry, filter, limit: Self.pageSize, isRehearsal: true)
        hits += try await spool.change(.release, filter, limit: Self.pageSize, isRehearsal: true)
        let domains = Set(hits.lazy.flatMap(\.recipients).compactMap(\.address.domain))
        return Array(domains.filter { $0.isAtOrBelow(domain) }.sorted().prefix(Self.mostDomains))
    }
}

extension Domain {
    /// Whether this is `other`, or a domain in it.
    fileprivate func isAtOrBelow(_ other: Domain) -> Bool {
        self == other || description.hasSuffix(".\(other)")
    }
}
