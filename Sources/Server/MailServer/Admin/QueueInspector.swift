package import Delivery
import FoundationEssentials
import MailCore
package import MailSpool
import NIOCore
import QueueCore

/// Answers what is asked of a queue, and does what is asked to be done to it.
package struct QueueInspector: Sendable {
    /// Messages that are read from the index, or changed in one transaction, at once.
    private static let pageSize = 1_000

    private let spool: Spool
    private let settings: @Sendable () -> DeliverySettings?
    private let changed: @Sendable (QueueChange, [QueueHit]) -> Void

    /// - Parameters:
    ///   - settings: what says where recipients go; nil where that is not known.
    ///   - changed: hears what was done.
    package init(
        spool: Spool, settings: @escaping @Sendable () -> DeliverySettings? = { nil },
        changed: @escaping @Sendable (QueueChange, [QueueHit]) -> Void = { _, _ in }
    ) {
        self.spool = spool
        self.settings = settings
        self.changed = changed
    }

    /// Gives the answers to `request`, the last of which is `.end`.
    package func answer(_ request: QueueRequest, _ give: (ControlAnswer) async throws -> Void) async throws {
        do {
            if let change = try request.change() {
                try await self.change(change, request, give)
            } else {
                try await look(request, give)
            }
        } catch let error as SpoolError {
            try await give(.failure("\(error)"))
        } catch let refusal as QueueRefusal {
            try await give(.failure(refusal.text))
        }
        try await give(.end)
    }

    private func look(_ request: QueueRequest, _ give: (ControlAnswer) async throws -> Void) async throws {
        await spool.catchUp()
        switch request.command {
        case .show: try await give(try await show(request.id ?? ""))
        case .content: try await content(request.id ?? "", give)
        case .count: try await give(.count(QueueSummary(try await spool.count())))
        case .check: try await check(give)
        default: try await list(request, give)
        }
    }

    private func list(_ request: QueueRequest, _ give: (ControlAnswer) async throws -> Void) async throws {
        let filter = try request.filter(at: SystemClock.now())
        var page = try await spool.list(filter, limit: pageSize(request.limit))
        var listed = 0
        while let last = page.last {
            listed += page.count
            let left = (request.limit ?? .max) - listed
            // The next page is read while this one is written out.
            async let next = self.page(filter, after: last.id, limit: left)
            if let form = request.form {
                try await give(.page(QueuePage(page, form, filter)))
            } else {
                for entry in page { try await give(.message(QueueRecord(entry))) }
            }
            page = try await next
        }
    }

    private func page(_ filter: QueueFilter, after: QueueID, limit: Int) async throws -> [QueueEntry] {
        guard limit > 0 else { return [] }
        var filter = filter
        filter.after = after
        return try await spool.list(filter, limit: pageSize(limit))
    }

    private func pageSize(_ limit: Int?) -> Int { min(limit ?? .max, Self.pageSize) }

    private func check(_ give: (ControlAnswer) async throws -> Void) async throws {
        let report = try await spool.check()
        for finding in report.findings { try await give(.finding(CheckFinding(finding))) }
        try await give(.checked(CheckSummary(report)))
    }

    /// A page is one transaction, so that the server goes on beside the change of a long queue.
    private func change(
        _ change: QueueChange, _ request: QueueRequest, _ give: (ControlAnswer) async throws -> Void
    ) async throws {
        guard request.isNarrowed || request.all == true else {
            throw QueueRefusal("nothing says which messages are meant")
        }
        var filter = try request.filter(at: SystemClock.now())
        try await sayWhatIsMissing(filter.ids ?? [], give)
        let isRehearsal = request.dryRun == true
        var left = request.limit ?? .max
        while left > 0 {
            let hits = try await spool.change(
                change, filter, limit: min(left, Self.pageSize), isRehearsal: isRehearsal)
            if !isRehearsal { changed(change, hits) }
            let settings = change == .release ? settings() : nil
            for hit in hits { try await give(.hit(QueueHitRecord(hit, heldBy: settings))) }
            guard let last = hits.last else { return }
            left -= hits.count
            filter.after = last.id
        }
    }

    private func sayWhatIsMissing(
        _ ids: Set<QueueID>, _ give: (ControlAnswer) async throws -> Void
    ) async throws {
        for id in ids.sorted() where try await spool.show(id) == nil { try await give(.missing("\(id)")) }
    }

    private func show(_ text: String) async throws -> ControlAnswer {
        let id = try QueueRequest.queueID(text)
        guard let entry = try await spool.show(id) else { throw Self.missing(text) }
        return .message(QueueRecord(alone: entry, settings()))
    }

    private func content(_ text: String, _ give: (ControlAnswer) async throws -> Void) async throws {
        guard var reader = try await spool.reader(of: try QueueRequest.queueID(text)) else { throw Self.missing(text) }
        while let piece = try reader.next() { try await give(.content(Data(piece.readableBytesView))) }
    }

    private static func missing(_ id: String) -> QueueRefusal {
        QueueRefusal("there is no message \(id) in the queue")
    }
}
