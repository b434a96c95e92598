import MailCore
import MailDirectory
import NIOPosix
import QueueCore
import SMTPClient
import Testing

@testable import Delivery

/// Mail over connections whose roles have changed.
struct VisitTests {
    private let domain: Domain
    private let visits = Visits()

    init() throws {
        domain = try Domain("remote.example")
    }

    private func agent(_ route: RouteAction = .hold) -> VisitAgent {
        VisitAgent(visits: visits, threads: .singleton, route: { _ in route })
    }

    private func job(_ names: String...) throws -> DeliveryJob {
        try .test(
            names.map { EnvelopeRecipient(try EmailAddress("\($0)@remote.example")) },
            to: .mx(domain, port: Visits.port))
    }

    /// Runs the body during a visit, on a connection to a server that this script answers for.
    private func visit(
        _ script: ScriptedRemote.Script = .init(), _ body: (Visit, ScriptedRemote) async throws -> Void
    ) async throws {
        let remote = try await ScriptedRemote(script)
        let connection = try await SMTPConnection.connect(
            to: SMTPURL(.host("127.0.0.1", port: remote.port)), tls: .off,
            configuration: SMTPClientConfiguration(localName: .domain(try Domain("relay.example"))))
        let visit = Visit(of: [domain], connection)
        #expect(visits.begin(visit))
        try await body(visit, remote)
        visits.end(visit)
        await connection.quit()
        try await remote.stop()
    }

    private func place(_ job: DeliveryJob, _ number: Int) -> Visit.Place { .init(job.message.id, recipient: number) }

    @Test func `mail for the visitor goes over its connection, one message after the other`() async throws {
        try await visit { visit, remote in
            let job = try job("bob", "cid")
            async let first = agent().deliver(job)
            async let second = agent().deliver(job)
            let reports = await [first, second]
            #expect(reports.allSatisfy { $0.actions == [.delivered, .delivered] })
            #expect(remote.connections == 1 && remote.lines("MAIL").count == 2)
            #expect(visit.delivered == 4)
        }
    }

    @Test func `what the visitor refuses is its outcome`() async throws {
        let script = ScriptedRemote.Script(answers: [
            "RCPT bob": .say("550 5.1.1 no bob"), "RCPT cid": .say("450 4.2.1 later"),
        ])
        try await visit(script) { visit, _ in
            let report = await agent().deliver(try job("bob", "cid", "dan"))
            #expect(report.actions == [.failed, .deferred, .delivered])
            #expect(visit.delivered == 1)
        }
    }

    @Test func `while nobody visits, what a route holds is held, and the rest is deferred`() async throws {
        let job = try job("bob")
        let (held, routed) = (await agent(.hold).deliver(job), await agent(.mx(port: 25)).deliver(job))
        #expect(held.outcomes == [.heldByRoute])
        #expect(routed.actions == [.deferred])
    }

    @Test func `a visitor that goes loses nothing`() async throws {
        let script = ScriptedRemote.Script(answers: ["MAIL": .close])
        try await visit(script) { visit, _ in
            let job = try job("bob")
            visit.expect([place(job, 0)])
            let actions = await agent().deliver(job).actions
            #expect(actions.allSatisfy { $0 == .held || $0 == .deferred })
            await visit.finish(patience: .seconds(60))
            #expect(visit.delivered == 0)
        }
    }

    @Test func `a visit ends when all that it is for has been tried, or nothing is for long`() async throws {
        try await visit { visit, _ in
            await visit.finish(patience: .seconds(60))
            let job = try job("bob")
            visit.expect([place(job, 0)])
            async let end: Void = visit.finish(patience: .seconds(60))
            _ = await agent().deliver(job)
            await end
            visit.expect([place(job, 1)])
            await visit.finish(patience: .milliseconds(20))
        }
    }

    @Test func `the route of a domain leads to its visitor, and only while it is there`() async throws {
        let settings = DeliverySettings(directory: AddressDirectory(domains: []), domainRoute: { _ in .hold })
        let other = try Domain("other.example")
        #expect(visits.applied(to: settings).domainRoute(domain) == .hold)
        try await visit { visit, _ in
            #expect(visits.applied(to: settings).domainRoute(domain) == .mx(port: Visits.port))
            #expect(visits.applied(to: settings).domainRoute(other) == .hold)
            #expect(!visits.begin(visit), "one visit for a domain at a time")
        }
        #expect(visits.applied(to: settings).domainRoute(domain) == .hold)
    }
}
