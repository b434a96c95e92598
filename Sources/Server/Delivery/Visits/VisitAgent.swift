public import MailCore
import MailMIME
public import NIOPosix
public import QueueCore
import SMTPClient
import SMTPCore

/// The delivery agent that sends over the connections of visitors.
public struct VisitAgent: DeliveryAgent {
    private let visits: Visits
    private let threads: NIOThreadPool
    private let route: @Sendable (Domain?) -> RouteAction

    /// - Parameters:
    ///   - threads: where long messages are looked at.
    ///   - route: where mail goes while nobody visits.
    public init(visits: Visits, threads: NIOThreadPool, route: @escaping @Sendable (Domain?) -> RouteAction) {
        self.visits = visits
        self.threads = threads
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
        let content = RelayContent(job.message.content, declared: options.body, threads: threads)
        var outcomes: [Outcome] = []
        while outcomes.count < recipients.count {
            let envelope = Envelope(
                reversePath: job.reversePath, recipients: Array(recipients[outcomes.count...]), options: options)
            do {
                let result = try await visit.deliver(envelope, content)
                outcomes += result.outcomes
                if result.failure != nil || result.outcomes.isEmpty { break }
            } catch let obstacle as DowngradeObstacle {
                return AgentReport(outcomes: outcomes.padded(to: recipients.count, with: Outcome(obstacle)))
            } catch {
                break
            }
        }
        return AgentReport(outcomes: outcomes.padded(to: recipients.count, with: unvisited(job.destination)))
    }
}

extension [Outcome] {
    fileprivate func padded(to count: Int, with outcome: Outcome) -> [Outcome] {
        self + Array(repeating: outcome, count: count - self.count)
    }
}

extension Outcome {
    /// A route keeps the mail until somebody comes for it, or a person releases it.
    public static let heldByRoute = Outcome(.held, status: .init(.success, 0, 0), diagnostic: "Held by the route")

    fileprivate static let visitorGone = Outcome(
        .deferred, status: .init(.persistentTransientFailure, 4, 1), diagnostic: "The visitor has gone")
}
