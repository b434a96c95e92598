import NIOCore
import QueueCore

extension IncomingMessage {
    /// At most `count` octets from `offset` on; none only at the end.
    func read(_ count: Int, from offset: UInt64) async throws(SinkError) -> ByteBuffer {
        try await withCheckedContinuation { continuation in
            read(count, from: offset) { continuation.resume(returning: $0) }
        }.get()
    }

    /// Takes a piece, and comes back when the next one may come.
    func append(_ piece: ByteBuffer) async {
        await withCheckedContinuation { continuation in
            if append(piece, resume: { continuation.resume() }) == .ready { continuation.resume() }
        }
    }
}
