import MailCore
import MailTesting
import QueueCore
import SMTPClient
import Testing

@testable import Delivery

struct RelayFailureTests {
    /// So short that a silent host is soon given up, and so long that a host of a busy machine has answered by then.
    private static let longestWait = Duration.seconds(5)

    @Test(arguments: [
        (MailHostAnswer.nullMX, Outcome.Action.failed, "5.1.10", AgentReport.Condition.reachable),
        (.none("no such domain"), .failed, "5.1.2", .reachable), (.ourselves, .failed, "5.4.6", .reachable),
        (.later("SERVFAIL"), .deferred, "4.4.3", .unreachable), (.hosts([]), .deferred, "4.4.3", .unreachable),
    ])
    func `what DNS says is an outcome`(
        answer: MailHostAnswer, action: Outcome.Action, status: String, condition: AgentReport.Condition
    ) async throws {
        let report = try await RelayBench(answer).deliver(.test("bob", "cid", to: .mx(port: 25)))
        #expect(report.actions == [action, action] && report.statuses == [status, status])
        #expect(report.condition == condition)
    }

    @Test func `where nobody listens the destination is unreachable`() async throws {
        let port = try LoopbackListener.freePort()
        let report = try await RelayBench(.hosts("127.0.0.1", "127.0.0.2")).deliver(.test("bob", to: .mx(port: port)))
        #expect(report.actions == [.deferred] && report.statuses == ["4.4.1"] && report.condition == .unreachable)
        #expect(report.outcomes[0].remoteHost == "mx2.example")
    }

    /// The first host fails in one way or another; the second is well.
    @Test(arguments: [
        ("CONNECT", ScriptedRemote.Answer.close), ("CONNECT", .say("554 5.7.1 not you")), ("CONNECT", .silence),
        ("EHLO", .close), ("EHLO", .say("421 4.3.2 going down")), ("MAIL", .close), ("MAIL", .say("452 4.3.1 full")),
        ("RCPT", .close), ("RCPT", .say("421 4.3.2 going down")), ("DATA", .close), ("CONNECT", .say("nonsense")),
    ])
    func `a host that fails is passed over`(step: String, answer: ScriptedRemote.Answer) async throws {
        let bad = try await ScriptedRemote(.init(answers: [step: answer]))
        let good = try await ScriptedRemote(host: "127.0.0.2", port: bad.port)
        let bench = try RelayBench(.hosts("127.0.0.1", "127.0.0.2"), longestWait: Self.longestWait)
        let report = try await bench.deliver(.test("bob", "cid", to: .mx(port: bad.port)))
        #expect(report.actions == [.delivered, .delivered] && report.condition == .reachable)
        #expect(report.outcomes.map(\.remoteHost) == ["mx2.example", "mx2.example"])
        #expect(bad.connections == 1)
        try await bad.stop()
        try await good.stop()
    }

    @Test(arguments: [
        ("RCPT", "550 5.1.1 no such user", Outcome.Action.failed, "5.1.1"),
        ("RCPT", "450 4.2.0 greylisted", .deferred, "4.2.0"), ("MAIL", "550 5.7.1 not you", .failed, "5.7.1"),
        ("DATA", "451 4.3.0 later", .deferred, "4.3.0"), (".", "554 5.6.0 bad", .failed, "5.6.0"),
    ])
    func `an answer about the message or a recipient is final`(
        step: String, words: String, action: Outcome.Action, status: String
    ) async throws {
        let first = try await ScriptedRemote(.init(answers: [step: .say(words)]))
        let second = try await ScriptedRemote(host: "127.0.0.2", port: first.port)
        let bench = try RelayBench(.hosts("127.0.0.1", "127.0.0.2"))
        let report = try await bench.deliver(.test("bob", to: .mx(port: first.port)))
        #expect(report.actions == [action] && report.statuses == [status] && report.condition == .reachable)
        #expect(report.outcomes[0].diagnostic == words && report.outcomes[0].remoteHost == "mx1.example")
        #expect(second.connections == 0)
        try await first.stop()
        try await second.stop()
    }

    @Test(arguments: [ScriptedRemote.Answer.close, .silence])
    func `after the whole message nobody else is asked, and the outcome says so`(
        answer: ScriptedRemote.Answer
    ) async throws {
        let first = try await ScriptedRemote(.init(answers: [".": answer]))
        let second = try await ScriptedRemote(host: "127.0.0.2", port: first.port)
        let bench = try RelayBench(.hosts("127.0.0.1", "127.0.0.2"), longestWait: Self.longestWait)
        let report = try await bench.deliver(.test("bob", to: .mx(port: first.port)))
        #expect(report.actions == [.deferred] && report.statuses == ["4.4.2"])
        #expect(report.outcomes[0].diagnostic.contains("may deliver it"))
        #expect(second.connections == 0)
        try await first.stop()
        try await second.stop()
    }

    @Test func `what one message demands of TLS keeps nobody else's mail from the host`() async throws {
        let remote = try await ScriptedRemote()
        let bench = try RelayBench(.hosts("127.0.0.1"))
        var options = EnvelopeOptions()
        options.requireTLS = true
        let demanding = try await bench.deliver(.test("bob", to: .mx(port: remote.port), options: options))
        #expect(demanding.actions == [.deferred] && demanding.statuses == ["4.7.5"])
        #expect(demanding.condition == .reachable)
        let other = try await bench.deliver(.test("bob", to: .mx(port: remote.port)))
        #expect(other.actions == [.delivered])
        try await remote.stop()
    }

    @Test func `one refused recipient does not stop the others`() async throws {
        let remote = try await ScriptedRemote(.init(answers: ["RCPT cid": .say("550 5.1.1 no cid")]))
        let report = try await RelayBench(.hosts("127.0.0.1")).deliver(
            .test("bob", "cid", "dan", to: .mx(port: remote.port)))
        #expect(report.actions == [.delivered, .failed, .delivered])
        try await remote.stop()
    }

    @Test func `a site that is gone for good says so with every host`() async throws {
        let script = ScriptedRemote.Script(answers: ["CONNECT": .say("521 5.3.2 no mail here")])
        let first = try await ScriptedRemote(script)
        let second = try await ScriptedRemote(script, host: "127.0.0.2", port: first.port)
        let both = try await RelayBench(.hosts("127.0.0.1", "127.0.0.2")).deliver(
            .test("bob", to: .mx(port: first.port)))
        #expect(both.actions == [.failed] && both.condition == .unreachable)
        // A third one that may be back tomorrow keeps hope.
        let three = try await RelayBench(.hosts("127.0.0.3", "127.0.0.1")).deliver(
            .test("bob", to: .mx(port: first.port)))
        #expect(three.actions == [.deferred])
        try await first.stop()
        try await second.stop()
    }

    @Test func `a cancelled attempt is deferred`() async throws {
        let remote = try await ScriptedRemote(.init(answers: ["MAIL": .silence]))
        let bench = try RelayBench(.hosts("127.0.0.1"))
        let job = try DeliveryJob.test("bob", to: .mx(port: remote.port))
        let attempt = Task { await bench.deliver(job) }
        attempt.cancel()
        #expect(await attempt.value.actions == [.deferred])
        try await remote.stop()
    }
}
