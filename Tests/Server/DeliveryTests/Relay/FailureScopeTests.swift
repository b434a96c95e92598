import SMTPCore
import Testing

@testable import Delivery

struct FailureScopeTests {
    private func scope(
        _ cause: FailureScope.Cause, _ stage: SMTPStage, others: Bool = true, isLMTP: Bool = false
    ) -> FailureScope {
        FailureScope(cause, at: stage, hasOtherHosts: others, isLMTP: isLMTP)
    }

    @Test(arguments: [SMTPStage.connect, .greeting, .hello, .idle])
    func `a host that gives no session is passed over, and the last one speaks for the site`(stage: SMTPStage) {
        for cause in [FailureScope.Cause.silence, .temporaryRefusal, .permanentRefusal, .closing] {
            #expect(scope(cause, stage) == .host)
            #expect(scope(cause, stage, others: false) == .site)
        }
    }

    @Test func `a refused recipient says nothing about others, unless the session ends`() {
        #expect(scope(.permanentRefusal, .rcpt) == .recipient)
        #expect(scope(.temporaryRefusal, .rcpt) == .recipient)
        #expect(scope(.closing, .rcpt) == .host)
        #expect(scope(.silence, .rcpt) == .host)
    }

    @Test func `a sender refused for good is refused by all, for now by one host`() {
        #expect(scope(.permanentRefusal, .mail) == .message)
        #expect(scope(.temporaryRefusal, .mail) == .host)
        #expect(scope(.temporaryRefusal, .mail, others: false) == .message)
    }

    @Test func `silence after the whole message tries nobody else`() {
        #expect(scope(.silence, .endOfData) == .message)
        #expect(scope(.silence, .content) == .host)
        #expect(scope(.silence, .data) == .host)
    }

    @Test func `a refused message is refused for all, but with LMTP for one`() {
        for stage in [SMTPStage.data, .content, .endOfData] { #expect(scope(.permanentRefusal, stage) == .message) }
        #expect(scope(.temporaryRefusal, .endOfData, isLMTP: true) == .recipient)
        #expect(scope(.silence, .endOfData, isLMTP: true) == .message)
    }

    @Test func `what this side stops is tried nowhere else`() {
        #expect(scope(.ourselves, .mail) == .message)
    }
}
