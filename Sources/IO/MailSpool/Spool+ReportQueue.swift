public import MailCore
public import QueueCore

extension Spool: ReportQueue {
    public func onReportDue(_ receiver: @escaping @Sendable () -> Void) {
        indexWriter.reportListener.set(receiver)
    }

    public func reportsDue(after: QueueID?, limit: Int) async throws -> [DueReport] {
        try await withCheckedThrowingContinuation { continuation in
            indexWriter.add(
                .reportsDue(after: after, limit: limit) {
                    continuation.resume(with: $0.mapError { $0 as any Error })
                }, isUrgent: true)
        }
    }
}
