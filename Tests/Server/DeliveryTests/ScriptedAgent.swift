import Delivery
import MailCore
import QueueCore
import Synchronization

/// An agent that answers as it is told, and remembers what it was given.
final class ScriptedAgent: DeliveryAgent {
    private struct State {
        var jobs: [DeliveryJob] = []
        var running = 0
        var mostRunning = 0
    }

    private let state = Mutex(State())
    private let answer: @Sendable (DeliveryJob) async -> AgentReport

    init(_ answer: @escaping @Sendable (DeliveryJob) async -> AgentReport = { $0.report(.delivered) }) {
        self.answer = answer
    }

    var jobs: [DeliveryJob] { state.withLock(\.jobs) }
    /// The most attempts that were under way at once.
    var mostRunning: Int { state.withLock(\.mostRunning) }

    func deliver(_ job: DeliveryJob) async -> AgentReport {
        state.withLock { state in
            state.jobs.append(job)
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
        }
        defer { state.withLock { $0.running -= 1 } }
        return await answer(job)
    }
}

extension DeliveryJob {
    /// The same for all recipients.
    func report(_ action: Outcome.Action, condition: AgentReport.Condition = .reachable) -> AgentReport {
        let outcome: Outcome =
            switch action {
            case .deferred:
                Outcome(.deferred, status: .init(.persistentTransientFailure, 4, 1), diagnostic: "No answer")
            default: Outcome(action, status: .init(.success, 0, 0), diagnostic: "Taken")
            }
        return AgentReport(outcomes: recipients.map { _ in outcome }, condition: condition)
    }
}
