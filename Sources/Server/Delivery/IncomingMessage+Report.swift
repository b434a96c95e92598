import MailCore
import MailReports
import NIOCore
import QueueCore

extension IncomingMessage {
    /// Takes a report in; returns when it is on disk.
    func enter(_ report: DeliveryReport) async throws(SinkError) {
        await withCheckedContinuation { continuation in
            if append(ByteBuffer(bytes: report.bytes), resume: { continuation.resume() }) == .ready {
                continuation.resume()
            }
        }
        let result = await withCheckedContinuation { continuation in
            commit(report.envelope, prefix: ByteBuffer(), origin: report.due.origin) {
                continuation.resume(returning: $0)
            }
        }
        try result.get()
    }
}
