import Delivery
import MailCore
import NIOPosix
import QueueCore
import Testing

struct PipeAgentTests {
    private func deliver(_ script: String, _ names: String...) async throws -> AgentReport {
        let destination = Destination.program(path: "/bin/sh", arguments: ["-c", script])
        let recipients = try names.map { EnvelopeRecipient(try EmailAddress("\($0)@remote.example")) }
        return await PipeAgent(threads: .singleton).deliver(try .test(recipients, to: destination))
    }

    @Test func `the program is run for each recipient, and told who it is`() async throws {
        let report = try await deliver(
            "cat >/dev/null; echo $SENDER $RECIPIENT; test $LOCAL = bob || exit 67", "bob", "cid")
        #expect(report.actions == [.delivered, .failed])
        #expect(report.outcomes[0].diagnostic == "exit status 0: ann@example.org bob@remote.example")
        #expect(report.statuses == ["2.0.0", "5.1.1"])
    }

    @Test func `the program is the last hop`() async throws {
        let report = try await deliver("head -3", "bob")
        #expect(
            report.outcomes[0].diagnostic == "exit status 0: Return-Path: <ann@example.org> "
                + "Delivered-To: bob@remote.example Received: from a by b; c")
    }

    @Test func `a cancelled attempt kills the program and is deferred`() async throws {
        let job = try DeliveryJob.test("bob", to: .program(path: "/bin/sleep", arguments: ["1000"]))
        let attempt = Task { await PipeAgent(threads: .singleton).deliver(job) }
        attempt.cancel()
        #expect(await attempt.value.actions == [.deferred])
    }
}
