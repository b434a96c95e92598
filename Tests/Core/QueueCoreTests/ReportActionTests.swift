import MailCore
import QueueCore
import Testing

/// Which outcomes are told to whom.
struct ReportActionTests {
    private let sender: ReversePath
    private let bob: EmailAddress

    init() throws {
        sender = .mailbox(try EmailAddress("ann@example.org"))
        bob = try EmailAddress("bob@example.net")
    }

    private func told(
        _ action: Outcome.Action, _ notify: NotifyConditions?, from reversePath: ReversePath? = nil,
        remoteHost: String? = nil, isLate: Bool = false, isDelayKnown: Bool = false
    ) -> ReportAction? {
        let outcome = Outcome(action, status: .init(.success, 0, 0), diagnostic: "", remoteHost: remoteHost)
        return ReportAction(
            after: RecipientResult(number: 0, outcome: outcome, isLate: isLate), notify: notify,
            reversePath: reversePath ?? sender, isDelayKnown: isDelayKnown)
    }

    private static let conditions: [NotifyConditions?] = [nil] + (0...7).map { NotifyConditions(rawValue: $0) }

    @Test(arguments: conditions) func `NOTIFY says what is told; of failures and delays where it says nothing`(
        notify: NotifyConditions?
    ) {
        let wanted = notify ?? [.failure, .delay]
        #expect(told(.failed, notify) == (wanted.contains(.failure) ? .failed : nil))
        #expect(told(.deferred, notify, isLate: true) == (wanted.contains(.delay) ? .delayed : nil))
        #expect(told(.delivered, notify) == (wanted.contains(.success) ? .delivered : nil))
        #expect(told(.held, notify) == nil)
    }

    @Test(arguments: conditions) func `nobody is told about a message with the null reverse path`(
        notify: NotifyConditions?
    ) {
        for action: Outcome.Action in [.failed, .delivered, .deferred, .expanded(into: [])] {
            #expect(told(action, notify, from: .null, isLate: true) == nil)
        }
    }

    @Test func `a delay is told once, and only when the message is late`() {
        #expect(told(.deferred, nil) == nil)
        #expect(told(.deferred, nil, isLate: true) == .delayed)
        #expect(told(.deferred, nil, isLate: true, isDelayKnown: true) == nil)
    }

    @Test func `what another host took is relayed, unless that host tells of success itself`() {
        #expect(told(.delivered, .success, remoteHost: "mx.example.net") == .relayed)
        let outcome = Outcome(
            .delivered, status: .init(.success, 0, 0), diagnostic: "", remoteHost: "mx.example.net",
            isReportedByNextHop: true)
        let result = RecipientResult(number: 0, outcome: outcome)
        #expect(ReportAction(after: result, notify: .success, reversePath: sender, isDelayKnown: false) == nil)
    }

    @Test func `a list has delivered, an alias of several has expanded, an alias of one is no news`() throws {
        let owner = ReversePath.mailbox(try EmailAddress("boss@example.net"))
        #expect(told(.expanded(into: [.init(bob, reversePath: owner)]), .success) == .delivered)
        #expect(told(.expanded(into: [.init(bob), .init(bob)]), .success) == .expanded)
        #expect(told(.expanded(into: [.init(bob)]), .success) == nil)
        #expect(told(.expanded(into: [.init(bob), .init(bob)]), nil) == nil)
    }
}
