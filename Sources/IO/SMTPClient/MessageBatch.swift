import NIOCore
import SMTPCore

/// Messages that go over one connection one behind another, and what became of them. It belongs to the connection's event
/// loop.
final class MessageBatch {
    /// Kept with a result for each message that was begun, in order, when nothing more is going to come.
    let promise: EventLoopPromise<[TransactionResult]>
    /// How long each message may take from when it is begun; nil where each wait has only its own time.
    let timeout: TimeAmount?
    private var messages: ArraySlice<SMTPMessage>
    private var results: [TransactionResult] = []
    private var inProgress = 0
    private var hasEnded = false

    init(_ messages: ArraySlice<SMTPMessage>, timeout: TimeAmount?, promise: EventLoopPromise<[TransactionResult]>) {
        self.messages = messages
        self.timeout = timeout
        self.promise = promise
        results.reserveCapacity(messages.count)
    }

    /// The message that is to be begun next.
    var next: SMTPMessage? { messages.first }

    /// The next message is on its way.
    func begun() {
        messages.removeFirst()
        inProgress += 1
    }

    /// Takes what became of the message that was begun first of those without a result.
    func add(_ result: TransactionResult) {
        results.append(result)
        inProgress -= 1
        finishIfDone()
    }

    /// Nothing more is wanted.
    func cancel() { messages = [] }

    /// No more message is begun.
    func end() {
        hasEnded = true
        finishIfDone()
    }

    private func finishIfDone() {
        if hasEnded, inProgress == 0 { promise.succeed(results) }
    }
}
