import Delivery
import MailCore
import MailSpool
import QueueCore
import Testing

/// From an outcome to the report in the sender's mailbox.
@Suite(.timeLimit(.minutes(5))) struct ReportServiceTests {
    @Test func `one report tells the sender of all recipients that failed in one attempt`() async throws {
        let bench = try ReportBench()
        try await bench.run {
            try await bench.accept(
                from: "ann@example.org", to: ["no@example.org", "gone@example.org", "bob@example.org"],
                options: EnvelopeOptions(return: .full, envelopeID: "E-1"))
            try await bench.queue()
        }
        let report = try #require(try bench.mail(of: "ann").first)
        #expect(try bench.mail(of: "ann").count == 1)
        #expect(report.hasPrefix("Return-Path: <>\r\nDelivered-To: ann@example.org\r\n"))
        #expect(report.contains("Final-Recipient: rfc822; no@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"))
        #expect(report.contains("Final-Recipient: rfc822; gone@example.org\r\nAction: failed\r\nStatus: 5.1.6\r\n"))
        #expect(!report.contains("bob@example.org"))
        #expect(report.contains("Original-Envelope-Id: E-1\r\n"))
        #expect(report.contains("Content-Type: message/rfc822\r\n"))
        #expect(report.contains("\r\n\r\nHello.\r\n"))
        #expect(try bench.mail(of: "bob").count == 1)
    }

    @Test func `what was due before the start is told after it`() async throws {
        let bench = try ReportBench()
        let id = try await bench.accept(from: "ann@example.org", to: ["no@example.org"])
        let outcome = Outcome(.failed, status: .init(.permanentFailure, 1, 1), diagnostic: "No such user")
        try await bench.spool.record([AttemptRecord(id: id, results: [.init(number: 0, outcome: outcome)])])
        try await bench.run { try await bench.queue() }
        #expect(try bench.mail(of: "ann").count == 1)
    }

    @Test func `a report that cannot be delivered is the end of it`() async throws {
        let bench = try ReportBench()
        try await bench.run {
            try await bench.accept(from: "nobody@example.org", to: ["no@example.org"])
            try await bench.queue()
        }
        #expect(bench.events.count == 1)
    }

    @Test func `nobody is told of what came from nobody, or of what he does not want to know`() async throws {
        let bench = try ReportBench()
        try await bench.run {
            try await bench.accept(from: nil, to: ["no@example.org"])
            try await bench.accept(from: "ann@example.org", to: ["no@example.org"], notify: .never)
            try await bench.queue()
        }
        #expect(bench.events.isEmpty)
    }

    @Test func `who asks for success hears of each delivery, and of an alias once`() async throws {
        let bench = try ReportBench()
        try await bench.run {
            try await bench.accept(from: "ann@example.org", to: ["bob@example.org"], notify: .success)
            try await bench.queue()
        }
        let report = try #require(try bench.mail(of: "ann").first)
        #expect(report.contains("Final-Recipient: rfc822; bob@example.org\r\nAction: delivered\r\nStatus: 2.0.0\r\n"))
        #expect(report.contains("Subject: Your message was delivered\r\n"))
    }

    @Test func `a flood to one place is slowed, and nothing of it is lost`() async throws {
        let bench = try ReportBench()
        let messages = 60
        for _ in 0..<messages { try await bench.accept(from: "ann@example.org", to: ["no@example.org"]) }
        try await bench.run {
            try await bench.queue(of: messages - 50)
            bench.advance(.seconds(60))
            try await bench.queue()
        }
        #expect(try bench.mail(of: "ann").count == messages)
        let slowed = bench.events.filter { if case .slowed = $0 { true } else { false } }
        #expect((1...messages - 50).contains(slowed.count))
    }
}
