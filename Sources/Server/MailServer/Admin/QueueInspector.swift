import MailCore
package import MailSpool
import QueueCore

/// Answers what is asked of a queue.
package struct QueueInspector: Sendable {
    /// Messages that are read from the index at once.
    private static let pageSize = 1_000

    private let spool: Spool

    package init(spool: Spool) {
        self.spool = spool
    }

    /// Gives the answers to `request`, the last of which is `.end`.
    package func answer(_ request: QueueRequest, _ give: (QueueAnswer) async throws -> Void) async throws {
        do {
            switch request.command {
            case .list where request.hasUnknownState: try await give(.failure("there is no such state of a recipient"))
            case .list: try await list(request, give)
            case .show: try await give(try await show(request.id ?? ""))
            case .count: try await give(.count(QueueSummary(try await spool.count())))
            }
        } catch let error as SpoolError {
            try await give(.failure("\(error)"))
        }
        try await give(.end)
    }

    private func list(_ request: QueueRequest, _ give: (QueueAnswer) async throws -> Void) async throws {
        var filter = request.filter
        var left = request.limit ?? .max
        while left > 0 {
            let page = try await spool.list(filter, limit: min(left, Self.pageSize))
            for entry in page { try await give(.message(QueueRecord(entry))) }
            guard page.count == Self.pageSize, let last = page.last else { return }
            left -= page.count
            filter.after = last.id
        }
    }

    private func show(_ text: String) async throws -> QueueAnswer {
        guard let id = QueueID(text) else { return .failure("\(text) is no queue ID") }
        guard let entry = try await spool.show(id) else { return .failure("there is no message \(text) in the queue") }
        return .message(QueueRecord(entry))
    }
}
