import Delivery
import MailCore
import MailTesting
import QueueCore
import Synchronization
import Testing

/// What the service does with mail for other systems.
struct AgentDeliveryTests {
    private func bench(
        _ agent: ScriptedAgent, retries: RetryPolicy = .init(), scheduling: SchedulingPolicy = .init(),
        grace: Duration = .seconds(30)
    ) throws -> DeliveryBench {
        try DeliveryBench(
            retries: retries, domainRoute: { _ in .mx(port: 25) }, agent: agent, scheduling: scheduling, grace: grace)
    }

    private func message(_ number: Int, to address: String, arrived: Timestamp = .test) throws -> QueuedMessage {
        .test(UInt64(number), to: [try .test(address)], arrived: arrived)
    }

    @Test func `recipients of one message that go to the same place go together`() async throws {
        let agent = ScriptedAgent()
        let bench = try bench(agent)
        let owner = ReversePath.mailbox(try EmailAddress("boss@example.org"))
        let recipients = try [
            QueuedRecipient.test("a@example.net", number: 0), .test("ann@example.org", number: 1),
            .test("b@example.com", number: 2), .test("c@example.net", number: 3),
            .test("d@example.net", number: 4, reversePath: owner, depth: 1),
        ]
        try await bench.run {
            bench.queue.arrive([.test(to: recipients)])
            try await bench.records(4)
        }
        let groups = Set(agent.jobs.map { "\($0.destination) \($0.recipients.map(\.number))" })
        #expect(groups == ["mx:example.net [0, 3]", "mx:example.com [2]", "mx:example.net [4]"])
        let results = bench.queue.recorded.flatMap(\.results)
        #expect(results.map(\.number).sorted() == [0, 1, 2, 3, 4], "each recipient is recorded once")
        #expect(results.allSatisfy { $0.outcome.action == .delivered })
        #expect(try bench.mail(of: "ann").count == 1)
    }

    @Test func `each recipient has the outcome that the agent gave it`() async throws {
        let agent = ScriptedAgent { job in
            AgentReport(
                outcomes: job.recipients.map {
                    $0.number == 1 ? job.report(.deferred).outcomes[0] : job.report(.delivered).outcomes[0]
                })
        }
        let bench = try bench(agent)
        let message = QueuedMessage.test(to: try (0...2).map { try .test("r\($0)@example.net", number: $0) })
        let results = try await bench.deliver(message)
        #expect(results.map { $0.retryAt == nil } == [true, false, true])
        #expect(results[1].outcome.diagnostic == "No answer")
    }

    @Test func `what waits for a host that cannot be reached is deferred with the same reason, untried`() async throws {
        let agent = ScriptedAgent { $0.report(.deferred, condition: .unreachable) }
        let bench = try bench(agent)
        try await bench.run {
            bench.queue.arrive(try (1...100).map { try message($0, to: "a@example.net") })
            try await bench.records(100)
        }
        #expect(agent.jobs.count <= 5)
        for result in bench.queue.recorded.flatMap(\.results) {
            #expect(result.outcome.diagnostic == "No answer")
            #expect(try #require(result.retryAt) - .test >= .seconds(240))
        }
    }

    @Test func `what a person wants tried is tried though its destination rests, and rests are said`() async throws {
        let isUp = Mutex(false)
        let agent = ScriptedAgent { job in
            isUp.withLock(\.self) ? job.report(.delivered) : job.report(.deferred, condition: .unreachable)
        }
        let bench = try bench(agent)
        try await bench.run {
            bench.queue.arrive([try message(1, to: "a@example.net")])
            try await bench.records(1)
            bench.queue.arrive([try message(2, to: "a@example.net")])
            try await bench.records(2)
            #expect(agent.jobs.count == 1)
            isUp.withLock { $0 = true }
            bench.service.retry([try .test("other@EXAMPLE.net")])
            bench.queue.arrive([try message(3, to: "a@example.net")])
            try await bench.records(3)
        }
        #expect(agent.jobs.count == 2)
        let destination = Destination.mx(try Domain("example.net"), port: 25)
        let error = try #require(bench.queue.recorded.first?.results.first?.outcome)
        let rest = DestinationChange.rests(destination, DestinationRest(until: .test + .seconds(30), error: error))
        #expect(bench.changes == [rest, .answers(destination)])
    }

    @Test func `no message lives longer because its destination rests`() async throws {
        let agent = ScriptedAgent { $0.report(.deferred, condition: .unreachable) }
        let bench = try bench(agent)
        try await bench.run {
            bench.queue.arrive([try message(1, to: "a@example.net")])
            try await bench.records(1)
            bench.queue.arrive([try message(2, to: "a@example.net", arrived: .test + .seconds(-5 * 86_400))])
            try await bench.records(2)
        }
        #expect(agent.jobs.count == 1)
        let result = bench.queue.recorded[1].results[0]
        #expect(result.outcome.status.description == "5.4.7")
        #expect(result.retryAt == nil)
    }

    @Test func `what was never tried does not fail before its time, however long its destination rests`() async throws {
        let agent = ScriptedAgent { $0.report(.deferred, condition: .unreachable) }
        let lifetime = Duration.seconds(10)
        let bench = try bench(agent, retries: RetryPolicy(lifetime: lifetime))
        try await bench.run {
            bench.queue.arrive([try message(1, to: "a@example.net", arrived: .test + .seconds(-10))])
            try await bench.records(1)
            bench.queue.arrive([try message(2, to: "a@example.net")])
            try await bench.records(2)
        }
        #expect(agent.jobs.count == 1)
        let result = bench.queue.recorded[1].results[0]
        #expect(result.outcome.action == .deferred && result.outcome.diagnostic == "No answer")
        #expect(result.retryAt == .test + lifetime)
        #expect(!result.isAttempt)
    }

    @Test func `what is given up keeps the last words of the other host`() async throws {
        let agent = ScriptedAgent { job in
            let outcome = Outcome(
                .deferred, status: .init(.persistentTransientFailure, 2, 1), diagnostic: "451 4.2.1 try later",
                remoteHost: "mx.example.net")
            return AgentReport(outcomes: job.recipients.map { _ in outcome }, condition: .reachable)
        }
        let result = try await bench(agent).deliver(
            message(1, to: "a@example.net", arrived: .test + .seconds(-5 * 86_400)))[0]
        let status = EnhancedStatusCode(.permanentFailure, 4, 7)
        #expect(
            result.outcome
                == Outcome(.failed, status: status, diagnostic: "451 4.2.1 try later", remoteHost: "mx.example.net"))
    }

    @Test func `a backlog for a host that does not answer holds up nobody else`() async throws {
        let gate = Gate()
        let agent = ScriptedAgent { job in
            if job.destination.description == "mx:slow.example" { await gate.wait() }
            return job.report(.delivered)
        }
        let bench = try bench(agent)
        for number in 1...4_500 { bench.queue.add(try message(number, to: "a@slow.example"), due: .test) }
        bench.queue.add(try message(4_501, to: "b@example.net"), due: .test)
        bench.queue.add(try message(4_502, to: "ann@example.org"), due: .test)
        try await bench.run {
            try await bench.records(2_497)
            let recorded = bench.queue.recorded
            #expect(recorded.contains { $0.id.rawValue == 4_501 && $0.results[0].outcome.action == .delivered })
            #expect(try bench.mail(of: "ann").count == 1)
            let postponed = recorded.flatMap(\.results).filter { !$0.isAttempt }
            #expect((2_495...2_500).contains(postponed.count), "2,000 wait in memory, besides those that were begun")
            #expect(postponed.allSatisfy { $0.outcome.action == .deferred && $0.retryAt != nil })
            gate.open()
        }
    }

    @Test func `no more attempts run at once than are allowed`() async throws {
        let agent = ScriptedAgent { job in
            await Task.yield()
            return job.report(.delivered)
        }
        var scheduling = SchedulingPolicy()
        scheduling.running = 3
        let bench = try bench(agent, scheduling: scheduling)
        try await bench.run {
            bench.queue.arrive(try (1...40).map { try message($0, to: "a@\($0 % 8).example") })
            try await bench.records(40)
        }
        #expect(agent.mostRunning <= 3)
    }

    @Test func `an attempt under way at the end is finished and recorded; what waits is left to the queue`()
        async throws
    {
        let gate = Gate()
        let agent = ScriptedAgent { job in
            await gate.wait()
            return job.report(.delivered)
        }
        let bench = try bench(agent)
        bench.queue.arrive(try (1...10).map { try message($0, to: "a@example.net") })
        try await bench.run {
            _ = try await eventually("five attempts") { agent.jobs.count == 5 ? true : nil }
            bench.service.stop()
            gate.open()
        }
        #expect(bench.queue.recorded.count == 5)
        #expect(agent.jobs.count == 5)
    }

    @Test(.timeLimit(.minutes(5))) func `an attempt that does not end is cancelled, and recorded`() async throws {
        let agent = ScriptedAgent { job in
            try? await Task.sleep(for: .seconds(3_600))
            return job.report(.deferred)
        }
        let bench = try bench(agent, grace: .milliseconds(20))
        bench.queue.arrive([try message(1, to: "a@example.net")])
        try await bench.run {
            _ = try await eventually("an attempt") { agent.jobs.count == 1 ? true : nil }
        }
        #expect(bench.queue.recorded[0].results[0].outcome.action == .deferred)
    }

    @Test(.timeLimit(.minutes(5))) func `a queue that cannot record what an agent did ends the service`() async throws {
        let bench = try bench(ScriptedAgent())
        bench.queue.failToRecord()
        bench.queue.arrive([try message(1, to: "a@example.net")])
        await #expect(throws: ScriptedQueue.RecordFailure.self) { try await bench.service.run() }
    }
}
