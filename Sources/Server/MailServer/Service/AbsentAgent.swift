import Delivery
import MailCore
import QueueCore

/// Stands for an agent that this server does not have: what is for it waits.
struct AbsentAgent: DeliveryAgent {
    func deliver(_ job: DeliveryJob) async -> AgentReport {
        let outcome = Outcome(
            .deferred, status: .init(.persistentTransientFailure, 3, 5),
            diagnostic: "This server has no agent for \(job.destination)")
        return AgentReport(outcomes: job.recipients.map { _ in outcome }, condition: .unreachable)
    }
}
