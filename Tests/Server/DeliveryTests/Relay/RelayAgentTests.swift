import Foundation
import MailCore
import MailTesting
import NIOCore
import QueueCore
import Testing

@testable import Delivery

struct RelayAgentTests {
    @Test func `hands a message on, with the host and its words`() async throws {
        let remote = try await ScriptedRemote()
        let report = try await RelayBench(.hosts("127.0.0.1")).deliver(.test("bob", "cid", to: .mx(port: remote.port)))
        #expect(report.actions == [.delivered, .delivered] && report.condition == .reachable)
        #expect(report.outcomes[0].remoteHost == "mx1.example")
        #expect(report.outcomes[0].diagnostic == "250 2.0.0 kept ")
        let message = ["Received: from a by b; c", "Subject: Hello", "", "Hello.", "."]
        #expect(Array(remote.lines.drop { $0 != "DATA" }.dropFirst()) == message)
        #expect(remote.lines("MAIL") == ["MAIL FROM:<ann@example.org>"])
        try await remote.stop()
    }

    @Test func `what the sender asked of reports goes with it`() async throws {
        var script = ScriptedRemote.Script()
        script.keywords.append("DSN")
        let remote = try await ScriptedRemote(script)
        let bob = EnvelopeRecipient(
            try EmailAddress("bob@remote.example"), notify: .failure,
            original: OriginalRecipient(addressType: "rfc822", address: "b@x.example"))
        let job = try DeliveryJob.test(
            [bob], to: .mx(port: remote.port), options: .init(return: .headers, envelopeID: "QQ1"))
        #expect(try await RelayBench(.hosts("127.0.0.1")).deliver(job).actions == [.delivered])
        #expect(remote.lines("MAIL") == ["MAIL FROM:<ann@example.org> RET=HDRS ENVID=QQ1"])
        #expect(remote.lines("RCPT") == ["RCPT TO:<bob@remote.example> NOTIFY=FAILURE ORCPT=rfc822;b@x.example"])
        try await remote.stop()
    }

    @Test(arguments: [(["DSN"], nil), ([], ReportAction.relayed)])
    func `a next hop that knows of reports tells of success, any other leaves it to us`(
        keywords: [String], report: ReportAction?
    ) async throws {
        let remote = try await ScriptedRemote(.init(keywords: keywords))
        let bob = EnvelopeRecipient(try EmailAddress("bob@remote.example"), notify: .success)
        let job = try DeliveryJob.test([bob], to: .mx(port: remote.port))
        let outcome = try #require(try await RelayBench(.hosts("127.0.0.1")).deliver(job).outcomes.first)
        #expect(outcome.action == .delivered)
        let due = ReportAction(
            after: RecipientResult(number: 0, outcome: outcome), notify: bob.notify,
            reversePath: job.message.reversePath, isDelayKnown: false)
        #expect(due == report)
        try await remote.stop()
    }

    @Test func `a body in a file is sent from there`() async throws {
        let folder = try TemporaryDirectory()
        let line = String(repeating: "y", count: 98) + "\r\n"
        let body = "Subject: Large\r\n\r\n" + String(repeating: line, count: 5_000)
        let path = try folder.write(Data(("junk" + body).utf8), to: "body")
        let remote = try await ScriptedRemote()
        let job = try DeliveryJob.test(
            "bob", to: .mx(port: remote.port),
            body: .file(path: path, offset: 4, length: UInt64(body.utf8.count)))
        #expect(try await RelayBench(.hosts("127.0.0.1")).deliver(job).actions == [.delivered])
        #expect(remote.lines("yyy").count == 5_000 && remote.lines("Subject: Large").count == 1)
        try await remote.stop()
    }

    @Test func `a body that is not there is never sent as an empty one`() async throws {
        let remote = try await ScriptedRemote()
        let job = try DeliveryJob.test(
            "bob", to: .mx(port: remote.port), body: .file(path: "/nonexistent/body", offset: 0, length: 10))
        #expect(try await RelayBench(.hosts("127.0.0.1")).deliver(job).actions == [.deferred])
        #expect(remote.lines(".").isEmpty)
        try await remote.stop()
    }

    @Test func `many recipients go in transactions of a hundred, or of what the server takes`() async throws {
        for (keyword, counts) in [("X", [100, 50]), ("LIMITS RCPTMAX=60", [60, 60, 30])] {
            var script = ScriptedRemote.Script()
            script.keywords.append(keyword)
            let remote = try await ScriptedRemote(script)
            let recipients = try (0..<150).map { EnvelopeRecipient(try EmailAddress("u\($0)@remote.example")) }
            let report = try await RelayBench(.hosts("127.0.0.1")).deliver(
                .test(recipients, to: .mx(port: remote.port)))
            #expect(report.actions.allSatisfy { $0 == .delivered } && report.outcomes.count == 150)
            let transactions = remote.lines.split { $0.hasPrefix("MAIL") }.dropFirst()
            #expect(transactions.map { $0.count { $0.hasPrefix("RCPT") } } == counts)
            #expect(remote.connections == 1)
            try await remote.stop()
        }
    }

    @Test func `those for whom a transaction had no room go in the next one, at once`() async throws {
        for reply in ["452 4.5.3 Too many recipients", "452 Too many recipients", "552 Too many recipients"] {
            let remote = try await ScriptedRemote(.init(mostRecipients: 2, tooMany: reply))
            let report = try await RelayBench(.hosts("127.0.0.1")).deliver(
                .test("ann", "bob", "cid", "dan", "eve", to: .mx(port: remote.port)))
            #expect(report.actions == Array(repeating: .delivered, count: 5))
            let transactions = remote.lines.split { $0.hasPrefix("MAIL") }.dropFirst()
            #expect(transactions.map { $0.count { $0.hasPrefix("RCPT") } } == [5, 3, 1])
            #expect(remote.connections == 1)
            try await remote.stop()
        }
    }

    @Test func `one who is refused by himself is asked for no more than once after the others`() async throws {
        for (reply, count) in [("452 4.3.1 No room", 2), ("452 4.2.2 Mailbox full", 1)] {
            let remote = try await ScriptedRemote(.init(answers: ["RCPT bob": .say(reply)]))
            let report = try await RelayBench(.hosts("127.0.0.1")).deliver(
                .test("ann", "bob", to: .mx(port: remote.port)))
            #expect(report.actions == [.delivered, .deferred])
            #expect(report.outcomes[1].diagnostic == reply)
            #expect(remote.lines("RCPT TO:<bob@").count == count)
            try await remote.stop()
        }
    }

    @Test func `what the poster asked of reports does not go to the members of a list`() async throws {
        var script = ScriptedRemote.Script()
        script.keywords.append("DSN")
        let remote = try await ScriptedRemote(script)
        let job = try DeliveryJob.test(
            "bob", to: .mx(port: remote.port), options: EnvelopeOptions(return: .full, envelopeID: "QQ314159"))
        let owner = ReversePath.mailbox(try EmailAddress("boss@example.org"))
        let member = QueuedRecipient(number: 1, recipient: job.recipients[0].recipient, reversePath: owner)
        let report = try await RelayBench(.hosts("127.0.0.1")).deliver(
            DeliveryJob(message: job.message, recipients: job.recipients + [member], destination: job.destination))
        #expect(report.actions == [.delivered, .delivered])
        let commands = remote.lines("MAIL").map { $0.split(separator: " ").filter { !$0.hasPrefix("SIZE") } }
        #expect(
            Set(commands.map { $0.joined(separator: " ") }) == [
                "MAIL FROM:<ann@example.org> RET=FULL ENVID=QQ314159", "MAIL FROM:<boss@example.org>",
            ])
        try await remote.stop()
    }

    @Test func `LMTP answers for each, and leaves Return-Path to the last hop`() async throws {
        let remote = try await ScriptedRemote(.init(answers: [". cid": .say("452 4.2.2 full")]))
        let bench = try RelayBench()
        let report = try await bench.deliver(.test("bob", "cid", to: .host("127.0.0.1", port: remote.port, .lmtp)))
        #expect(report.actions == [.delivered, .deferred] && report.statuses == ["2.0.0", "4.2.2"])
        #expect(remote.lines("Return-Path").isEmpty)
        try await remote.stop()
    }

    @Test func `a message that has been here before and again is a loop`() async throws {
        let remote = try await ScriptedRemote()
        let bench = try RelayBench(.hosts("127.0.0.1"))
        let received = "Received: from a.example\r\n\tby relay.example with ESMTP id 1; today\r\n"
        let body = MessageContent.Body.memory(ByteBuffer(string: received + received + DeliveryJob.body))
        let twice = try DeliveryJob.test("bob", to: .mx(port: remote.port), body: body)
        #expect(await bench.deliver(twice).actions == [.delivered])
        let thrice = try DeliveryJob.test("bob", to: .mx(port: remote.port), prefix: received, body: body)
        let report = await bench.deliver(thrice)
        #expect(report.actions == [.failed] && report.statuses == ["5.4.6"])
        #expect(remote.lines("MAIL").count == 1)
        try await remote.stop()
    }

    @Test func `what the next hop does not speak is not sent there`() async throws {
        let remote = try await ScriptedRemote(.init(keywords: ["PIPELINING"]))
        let bench = try RelayBench(.hosts("127.0.0.1"))
        let options = EnvelopeOptions(smtputf8: true)
        let report = try await bench.deliver(.test("bob", to: .mx(port: remote.port), options: options))
        #expect(report.actions == [.failed] && report.statuses == ["5.6.7"])
        #expect(remote.lines("MAIL").isEmpty && remote.connections == 1)
        try await remote.stop()
    }
}
