import Delivery
import MailCore
import QueueCore
import Testing

struct LocalDeliveryTests {
    @Test func `a message lies in the mailbox as it came, below what the last hop adds`() async throws {
        let bench = try DeliveryBench()
        let body = "Subject: Hello\r\n\r\n.\r\nFrom here\r\n\u{fc}\r\n\r\n"
        let message = QueuedMessage.test(
            from: .mailbox(try EmailAddress("you@example.net")), to: [try .test("Ann+news@example.org")], body: body)
        let results = try await bench.deliver(message)
        #expect(results.map(\.number) == [0])
        #expect(results[0].outcome.action == .delivered)
        #expect(
            try bench.mail(of: "ann") == [
                "Return-Path: <you@example.net>\r\nDelivered-To: Ann+news@example.org\r\nReceived: by mx.example.org\r\n"
                    + body
            ])
    }

    @Test func `a recipient behind a list is delivered to with the list's reverse path`() async throws {
        let bench = try DeliveryBench()
        let owner = ReversePath.mailbox(try EmailAddress("boss@example.org"))
        let message = QueuedMessage.test(
            from: .mailbox(try EmailAddress("you@example.net")),
            to: [try .test("ann@example.org", number: 4, reversePath: owner, depth: 1)])
        #expect(try await bench.deliver(message).map(\.number) == [4])
        #expect(try bench.mail(of: "ann")[0].hasPrefix("Return-Path: <boss@example.org>\r\n"))
    }

    @Test func `the results of a message come in the order of its recipients, whatever becomes of each`() async throws {
        let bench = try DeliveryBench()
        let addresses = [
            "nobody@example.org", "ann@example.org", "c@example.net", "bob@example.org", "staff@example.org",
        ]
        let recipients = try addresses.enumerated().map { try QueuedRecipient.test($1, number: $0) }
        let results = try await bench.deliver(.test(to: recipients))
        #expect(results.map(\.number) == [0, 1, 2, 3, 4])
        #expect(results.map(\.outcome.status.description) == ["5.1.1", "2.0.0", "2.0.0", "2.0.0", "2.1.5"])
        #expect(results.map { $0.outcome.action == .delivered } == [false, true, false, true, false])
    }

    @Test func `a message that was delivered to the address before is a loop`() async throws {
        let bench = try DeliveryBench()
        let message = QueuedMessage.test(
            to: [try .test("ann@example.org"), try .test("bob@example.org", number: 1)],
            body: "Delivered-To: ANN@example.org\r\nSubject: Round\r\n\r\nDelivered-To: bob@example.org\r\n")
        let results = try await bench.deliver(message)
        #expect(results[0].outcome.action == .failed)
        #expect(results[0].outcome.status.description == "5.4.6")
        #expect(results[1].outcome.action == .delivered, "what stands in the body is no trace")
        #expect(try bench.mail(of: "ann") == [])
    }

    @Test func `what is claimed again is not delivered twice`() async throws {
        let bench = try DeliveryBench()
        let message = QueuedMessage.test(to: [try .test("ann@example.org")])
        try await bench.run {
            for count in 1...2 {
                bench.queue.add(message, due: .test)
                bench.service.wake()
                try await bench.records(count)
            }
        }
        #expect(bench.queue.recorded.allSatisfy { $0.results[0].outcome.action == .delivered })
        #expect(try bench.mail(of: "ann").count == 1)
    }
}
