import MailCore
import Synchronization

/// A question on its way, and whoever waits for its answer. The first answer counts.
final class PendingAnswer: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<DNSAnswer, Never>)
        /// Answered before anybody waited.
        case answered(DNSAnswer)
        case over
    }

    let question: DNSQuestion
    let maximumAliases: Int
    private let state = Mutex(State.open)
    /// libunbound's number for the question; used on the context's queue alone.
    nonisolated(unsafe) var identifier: Int32?

    init(_ question: DNSQuestion, maximumAliases: Int) {
        self.question = question
        self.maximumAliases = maximumAliases
    }

    /// Whether nobody waits any more.
    var isOver: Bool {
        state.withLock { state in
            switch state {
            case .open, .awaited: false
            case .answered, .over: true
            }
        }
    }

    func wait(_ continuation: CheckedContinuation<DNSAnswer, Never>) {
        let answer: DNSAnswer? = state.withLock { state in
            if case .answered(let answer) = state {
                state = .over
                return answer
            }
            state = .awaited(continuation)
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    func give(_ answer: DNSAnswer) {
        let continuation: CheckedContinuation<DNSAnswer, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .answered(answer)
            case .awaited(let continuation):
                state = .over
                return continuation
            case .answered, .over: break
            }
            return nil
        }
        continuation?.resume(returning: answer)
    }
}
