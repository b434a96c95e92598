import MailCore
import NIOCore
import QueueCore
import Synchronization

/// A queue in memory that does as a test says.
final class RecordingSink: MessageSink {
    struct Stored: Sendable {
        let envelope: Envelope
        let prefix: String
        let body: String
    }

    private struct State {
        var stored: [Stored] = []
        var discarded = 0
        var opened: UInt64 = 0
        var openError: SinkError?
        var commitError: SinkError?
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - openError: why no message can be begun.
    ///   - commitError: why no message can be stored.
    init(openError: SinkError? = nil, commitError: SinkError? = nil) {
        state = Mutex(State(openError: openError, commitError: commitError))
    }

    var stored: [Stored] { state.withLock(\.stored) }
    var discarded: Int { state.withLock(\.discarded) }

    func open() throws(SinkError) -> any IncomingMessage {
        let (id, error) = state.withLock { state in
            state.opened += 1
            return (state.opened, state.openError)
        }
        if let error { throw error }
        return Incoming(queueID: QueueID(rawValue: id), sink: self)
    }

    private final class Incoming: IncomingMessage {
        let queueID: QueueID
        private let sink: RecordingSink
        private let body = Mutex(ByteBuffer())

        init(queueID: QueueID, sink: RecordingSink) {
            self.queueID = queueID
            self.sink = sink
        }

        func append(_ piece: ByteBuffer, resume: @escaping @Sendable () -> Void) -> AppendResult {
            body.withLock { _ = $0.writeImmutableBuffer(piece) }
            return .ready
        }

        func read(
            _ count: Int, from offset: UInt64, completion: @escaping @Sendable (Result<ByteBuffer, SinkError>) -> Void
        ) {
            let rest = body.withLock { Array($0.readableBytesView.dropFirst(Int(offset)).prefix(count)) }
            completion(.success(ByteBuffer(bytes: rest)))
        }

        func commit(
            _ envelope: Envelope, prefix: ByteBuffer, origin: ReportOrigin?,
            completion: @escaping @Sendable (Result<Void, SinkError>) -> Void
        ) {
            let error = sink.state.withLock { state in
                if state.commitError == nil {
                    let body = body.withLock { String(buffer: $0) }
                    state.stored.append(Stored(envelope: envelope, prefix: String(buffer: prefix), body: body))
                }
                return state.commitError
            }
            completion(error.map { .failure($0) } ?? .success(()))
        }

        func discard() { sink.state.withLock { $0.discarded += 1 } }
    }
}
