import Delivery
import Foundation
import MailCore
import MailTesting
import QueueCore
import Testing

struct DeliveryServiceTests {
    private func messages(_ count: Int, body: String = "Subject: x\r\n\r\n") throws -> [QueuedMessage] {
        try (1...count).map { .test(UInt64($0), to: [try .test("ann@null.example")], body: body) }
    }

    @Test func `what does not fit into the inbox is claimed from the queue`() async throws {
        let bench = try DeliveryBench()
        bench.queue.arrive(try messages(2_500))
        #expect(try await bench.queue.nextDue() != nil, "500 of them were left to the queue")
        try await bench.run { try await bench.records(2_500) }
        #expect(Set(bench.queue.recorded.map(\.id)).count == 2_500)
    }

    @Test func `large bodies do not pile up in memory`() async throws {
        let bench = try DeliveryBench()
        let large = String(repeating: "x", count: 4 * 1_024 * 1_024)
        bench.queue.arrive(try messages(20, body: large))
        let left = try await bench.queue.claim(dueBy: .test, limit: 100)
        #expect(left.count == 12)
    }

    @Test func `after the end nothing new is begun, and the service ends`() async throws {
        let bench = try DeliveryBench()
        bench.service.stop()
        bench.queue.arrive(try messages(1))
        try await bench.service.run()
        #expect(bench.queue.recorded.isEmpty)
        #expect(try await bench.queue.nextDue() != nil, "it is in the queue still")
    }

    @Test func `what was begun is recorded before the service ends`() async throws {
        let bench = try DeliveryBench()
        for number in 1...200 {
            bench.queue.arrive([.test(UInt64(number), to: [try .test("ann@example.org")])])
        }
        try await bench.run { try await bench.records(1) }
        let delivered = try bench.mail(of: "ann").count
        #expect(delivered == bench.queue.recorded.count)
    }

    @Test(.timeLimit(.minutes(5))) func `a queue that fails ends the service, though workers wait`() async throws {
        let bench = try DeliveryBench()
        bench.queue.failToRecord()
        bench.queue.arrive(try messages(1))
        await #expect(throws: ScriptedQueue.RecordFailure.self) { try await bench.service.run() }
    }
}
