import Delivery
import Foundation
import MailCore
import MailTesting
import QueueCore
import Testing

struct RetryTests {
    /// A delivery service whose Maildirs cannot be made: a file lies where their folder should be.
    private func brokenBench(retries: RetryPolicy = .init()) throws -> DeliveryBench {
        let bench = try DeliveryBench(root: "file/mail", retries: retries)
        try bench.folder.write(Data(), to: "file")
        return bench
    }

    @Test func `what a mailbox does not take is tried again, 80 to 120 percent of the pause later`() async throws {
        let result = try await brokenBench().deliver(.test(to: [try .test("ann@example.org")]))[0]
        #expect(result.outcome.action == .deferred)
        let pause = try #require(result.retryAt) - .test
        #expect((.seconds(240) ... .seconds(360)).contains(pause))
    }

    @Test func `pauses double with each attempt that was recorded`() async throws {
        let result = try await brokenBench().deliver(.test(to: [try .test("ann@example.org", attempts: 3)]))[0]
        let pause = try #require(result.retryAt) - .test
        #expect((.seconds(8 * 240) ... .seconds(8 * 360)).contains(pause))
    }

    @Test func `what is too old for another attempt has failed`() async throws {
        let arrived = Timestamp.test + .seconds(-5 * 86_400)
        let result = try await brokenBench().deliver(.test(to: [try .test("ann@example.org")], arrived: arrived))[0]
        #expect(result.outcome.action == .failed)
        #expect(result.outcome.status.description == "5.4.7")
        #expect(result.outcome.diagnostic.hasPrefix("the mailbox cannot be written"))
        #expect(result.retryAt == nil)
    }

    @Test func `what waits for four hours is late, and its sender is to be told`() async throws {
        for (hours, isLate) in [(3, false), (4, true)] {
            let arrived = Timestamp.test + .seconds(-hours * 3_600)
            let result = try await brokenBench().deliver(.test(to: [try .test("ann@example.org")], arrived: arrived))[0]
            #expect(result.outcome.action == .deferred)
            #expect(result.isLate == isLate)
        }
    }

    @Test func `a message is claimed when it is due, and not before`() async throws {
        let bench = try DeliveryBench()
        bench.queue.add(.test(to: [try .test("ann@example.org")]), due: .test + .seconds(600))
        try await bench.run {
            bench.advance(.seconds(599))
            _ = try await eventually(bench, claimAt: .test + .seconds(599))
            #expect(bench.queue.recorded.isEmpty)
            bench.advance(.seconds(1))
            try await bench.records(1)
        }
        #expect(try bench.mail(of: "ann").count == 1)
    }

    @Test func `the service wakes by itself when something is due`() async throws {
        let bench = try DeliveryBench()
        bench.queue.add(.test(to: [try .test("ann@example.org")]), due: .test + .milliseconds(50))
        try await bench.run {
            _ = try await eventually(bench, claimAt: .test)
            bench.advanceSilently(.milliseconds(50))
            try await bench.records(1)
        }
    }

    @Test func `who was told to wait by a clock that ran ahead is tried now, and others when they are due`()
        async throws
    {
        let bench = try DeliveryBench(retries: RetryPolicy(longestPause: .seconds(4 * 3_600)))
        bench.queue.add(.test(1, to: [try .test("ann@example.org")]), due: .test + .seconds(365 * 86_400))
        bench.queue.add(.test(2, to: [try .test("bob@example.org")]), due: .test + .seconds(5 * 3_600))
        try await bench.run { try await bench.records(1) }
        #expect(bench.queue.recorded.map(\.id) == [QueueID(rawValue: 1)])
        #expect(try bench.mail(of: "ann").count == 1)
    }

    private func eventually(_ bench: DeliveryBench, claimAt time: Timestamp) async throws -> Bool {
        try await MailTesting.eventually("a claim at \(time)") { bench.queue.claims.contains(time) ? true : nil }
    }
}
