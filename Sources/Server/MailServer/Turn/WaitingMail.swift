import Delivery
import MailCore
import MailSpool
import QueueCore

/// What the queue keeps for domains that somebody comes for.
struct WaitingMail: Sendable {
    /// Messages that one visit is for at most; the next brings more.
    static let mostMessages = 10_000
    private static let pageSize = 1_000

    let spool: Spool
    /// Hears what was done.
    let changed: @Sendable (QueueChange, [QueueHit]) -> Void

    /// Whether anything waits for one of these domains.
    func exists(for domains: some Sequence<Domain>) async throws -> Bool {
        for domain in domains {
            if try await !spool.list(filter(domain, [.pending]), limit: 1).isEmpty { return true }
            if try await !held(for: domain, limit: 1).isEmpty { return true }
        }
        return false
    }

    /// Makes due what waits for these domains, and what a route holds for them; not what a person holds.
    ///
    /// - Returns: the recipients that are tried now.
    func release(for domains: some Sequence<Domain>) async throws -> [Visit.Place] {
        var places: [Visit.Place] = []
        for domain in domains {
            let held = try await held(for: domain, limit: Self.mostMessages)
            for start in stride(from: 0, to: held.count, by: Self.pageSize) {
                var named = filter(domain, [.held])
                named.ids = Set(held[start..<min(start + Self.pageSize, held.count)])
                places += try await apply(.release, named)
            }
            places += try await apply(.retry, filter(domain, [.pending]))
        }
        return places
    }

    private func apply(_ change: QueueChange, _ filter: QueueFilter) async throws -> [Visit.Place] {
        var (filter, places) = (filter, [Visit.Place]())
        for _ in 0..<(Self.mostMessages / Self.pageSize) {
            let hits = try await spool.change(change, filter, limit: Self.pageSize, isRehearsal: false)
            changed(change, hits)
            for hit in hits {
                places += hit.recipients.lazy.filter { !$0.isInFlight }.map {
                    Visit.Place(hit.id, recipient: $0.number)
                }
            }
            guard hits.count == Self.pageSize, let last = hits.last else { break }
            filter.after = last.id
        }
        return places
    }

    private func filter(_ domain: Domain, _ states: Set<RecipientState>) -> QueueFilter {
        var filter = QueueFilter(states: states)
        filter.domain = domain.description
        return filter
    }

    /// Messages of which a route holds all that is held for the domain.
    private func held(for domain: Domain, limit: Int) async throws -> [QueueID] {
        var filter = filter(domain, [.held])
        var found: [QueueID] = []
        while found.count < limit {
            let page = try await spool.list(filter, limit: Self.pageSize)
            found += page.lazy.filter { $0.isHeldByRoute(filter) }.map(\.id)
            guard page.count == Self.pageSize, let last = page.last else { break }
            filter.after = last.id
        }
        return Array(found.prefix(limit))
    }
}

extension QueueEntry {
    fileprivate func isHeldByRoute(_ filter: QueueFilter) -> Bool {
        recipients.lazy.filter(filter.includes)
            .allSatisfy { $0.last?.diagnostic == Outcome.heldByRoute.diagnostic }
    }
}
