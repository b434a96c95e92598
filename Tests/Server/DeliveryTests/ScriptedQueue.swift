import MailCore
import NIOCore
import QueueCore
import Synchronization

/// A queue in memory, of the same habits as the spool: fresh messages are offered, the rest is claimed when it is due.
final class ScriptedQueue: DeliveryQueue {
    struct RecordFailure: Error {}

    private struct State {
        var receiver: (@Sendable ([QueuedMessage]) -> Int)?
        /// What waits, and since when it is due.
        var waiting: [(message: QueuedMessage, due: Timestamp)] = []
        var claims: [Timestamp] = []
        var recorded: [AttemptRecord] = []
        var failsToRecord = false
    }

    private let state = Mutex(State())

    var recorded: [AttemptRecord] { state.withLock(\.recorded) }
    /// The times by which messages were claimed.
    var claims: [Timestamp] { state.withLock(\.claims) }

    func failToRecord() { state.withLock { $0.failsToRecord = true } }

    /// Puts a message into the queue that is due at `due`.
    func add(_ message: QueuedMessage, due: Timestamp) {
        state.withLock { $0.waiting.append((message, due)) }
    }

    /// Lets messages arrive; what is not taken can be claimed.
    func arrive(_ messages: [QueuedMessage]) {
        let taken = state.withLock(\.receiver)?(messages) ?? 0
        for message in messages.dropFirst(taken) { add(message, due: message.arrived) }
    }

    func onArrival(_ receiver: @escaping @Sendable ([QueuedMessage]) -> Int) {
        state.withLock { $0.receiver = receiver }
    }

    func claim(dueBy time: Timestamp, limit: Int) async throws -> [QueuedMessage] {
        state.withLock { state in
            state.claims.append(time)
            let due = state.waiting.filter { $0.due <= time }.prefix(limit)
            state.waiting.removeAll { waiting in due.contains { $0.message.id == waiting.message.id } }
            return due.map(\.message)
        }
    }

    func nextDue() async throws -> Timestamp? { state.withLock { $0.waiting.map(\.due).min() } }

    func pullIn(dueAfter horizon: Timestamp, to time: Timestamp) async throws -> Int {
        state.withLock { state in
            let late = state.waiting.indices.filter { state.waiting[$0].due > horizon }
            for index in late { state.waiting[index].due = time }
            return late.count
        }
    }

    func record(_ attempts: [AttemptRecord], completion: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        let isRecorded = state.withLock { state in
            if !state.failsToRecord { state.recorded += attempts }
            return !state.failsToRecord
        }
        completion(isRecorded ? .success(()) : .failure(RecordFailure()))
    }
}

extension QueuedMessage {
    /// A message to one recipient, or several.
    static func test(
        _ id: UInt64 = 1, from sender: ReversePath = .null, to recipients: [QueuedRecipient],
        arrived: Timestamp = .test,
        prefix: String = "Received: by mx.example.org\r\n", body: String = "Subject: Hello\r\n\r\nHello.\r\n"
    ) -> QueuedMessage {
        QueuedMessage(
            id: QueueID(rawValue: id), arrived: arrived, reversePath: sender, options: .init(), recipients: recipients,
            content: MessageContent(prefix: ByteBuffer(string: prefix), body: .memory(ByteBuffer(string: body))))
    }
}

extension QueuedRecipient {
    static func test(
        _ address: String, number: Int = 0, reversePath: ReversePath? = nil, attempts: Int = 0, depth: Int = 0,
        route: RouteAction? = nil
    ) throws -> QueuedRecipient {
        QueuedRecipient(
            number: number, recipient: EnvelopeRecipient(try EmailAddress(address)), reversePath: reversePath,
            attempts: attempts, depth: depth, route: route)
    }
}

extension Timestamp {
    /// The time at which tests begin.
    static let test = Timestamp(microseconds: 1_795_291_200_000_000)
}
