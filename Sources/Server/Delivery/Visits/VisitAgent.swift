public import MailCore
public import QueueCore
import SMTPClient
import SMTPCore

/// The delivery agent that sends over the connections of visitors.
public struct VisitAgent: DeliveryAgent {
    private let visits: Visits
    private let route: @Sendable (Domain?) -> RouteAction

    /// - Parameter route: where mail goes while nobody visits.
    public init(visits: Visits, route: @escaping @Sendable (Domain?) -> RouteAction) {
        self.visits = visits
        self.route = route
    }

    /// Whether a destination is that of a visit.
    public static func serves(_ destination: Destination) -> Bool {
        if case .mx(_, port: Visits.port) = destination { true } else { false }
    }

    public func deliver(_ job: DeliveryJob) async -> AgentReport {
        guard case .mx(let domain, _) = job.destination, let visit = visits.visit(for: domain) else {
            return AgentReport(unvisited(job.destination), for: job)
        }
        let report = await send(job, over: visit)
        visit.tried(
            job.recipients.map { Visit.Place(job.message.id, recipient: $0.number) },
            delivered: report.outcomes.count { $0.action == .delivered })
        return report
    }

    /// The visitor has gone: what a route holds is held again, the rest goes its way.
    private func unvisited(_ destination: Destination) -> Outcome {
        if case .mx(let domain, _) = destination, case .hold = route(domain) { return .heldByRoute }
        return .visitorGone
    }

    private func send(_ job: DeliveryJob, over visit: Visit) async -> AgentReport {
        var options = job.message.options
        if job.reversePath != job.message.reversePath { (options.envelopeID, options.return) = (nil, nil) }
        let recipients = job.recipients.map(\.recipient)
        var outcomes: [Outcome] = []
        while outcomes.count < recipients.count {
            let envelope = Envelope(
                reversePath: job.reversePath, recipients: Array(recipients[outcomes.count...]), options: options)
            guard let result = try? await visit.deliver(envelope, SMTPContent(job.message.content)),
                !result.outcomes.isEmpty
            else { break }
            outcomes += result.outcomes
            if result.failure != nil { break }
        }
        let missing = Array(repeating: unvisited(job.destination), count: recipients.count - outcomes.count)
        return AgentReport(outcomes: outcomes + missing)
    }
}

extension Outcome {
    /// A route keeps the mail until somebody comes for it, or a person releases it.
    public static let heldByRoute = Outcome(.held, status: .init(.success, 0, 0), diagnostic: "Held by the route")

    fileprivate static let visitorGone = Outcome(
        .deferred, status: .init(.persistentTransientFailure, 4, 1), diagnostic: "The visitor has gone")
}
