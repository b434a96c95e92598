import MailCore
import SMTPCore
import Testing

/// Every code of the standards is explained, and for every other one its digits are.
@Suite struct CodeExplanationTests {
    /// The codes of RFC 5321 and of the extensions that add some.
    static let replies = [
        211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 421, 432, 450, 451, 452, 454, 455, 458, 459, 500, 501, 502,
        503, 504, 521, 523, 524, 525, 530, 534, 535, 538, 550, 551, 552, 553, 554, 555, 556,
    ]
    /// The registry of RFC 5248: how many details each subject has, from 0 on.
    static let details = [1, 11, 5, 7, 8, 7, 11, 31]

    @Test(arguments: replies) func everyReplyCodeIsExplained(code: Int) throws {
        let explanation = try #require(CodeExplanation(reply: code))
        #expect(explanation.isRegistered)
        #expect(explanation.code == "\(code)")
        #expect(!explanation.title.isEmpty && explanation.meaning.hasSuffix("."))
        if code < 400 { #expect(explanation.party == .nobody) }
    }

    @Test func everyStatusCodeOfTheRegistryIsExplained() {
        var titles: Set<String> = []
        for (subject, count) in Self.details.enumerated() {
            for detail in 0..<count {
                let explanation = CodeExplanation(EnhancedStatusCode(.permanentFailure, subject, detail))
                #expect(explanation.isRegistered, "\(subject).\(detail)")
                #expect(explanation.meaning.hasSuffix("."))
                titles.insert(explanation.title)
            }
            #expect(!CodeExplanation(EnhancedStatusCode(.permanentFailure, subject, count)).isRegistered)
        }
        // X.6.10 is an old double of X.6.8.
        #expect(titles.count == Self.details.reduce(0, +) - 1)
    }

    @Test func whoMustActDependsOnTheClass() {
        #expect(CodeExplanation(EnhancedStatusCode(.persistentTransientFailure, 1, 1)).party == .nobody)
        #expect(CodeExplanation(EnhancedStatusCode(.permanentFailure, 1, 1)).party == .author)
        #expect(CodeExplanation(EnhancedStatusCode(.success, 1, 5)).party == .nobody)
    }

    @Test func theCausesOfARefusalDependOnTheClass() {
        let temporary = CodeExplanation(EnhancedStatusCode(.persistentTransientFailure, 7, 1))
        #expect(temporary.causes?.contains("greylisting") == true)
        let permanent = CodeExplanation(EnhancedStatusCode(.permanentFailure, 7, 1))
        #expect(permanent.causes?.contains("relaying") == true)
    }

    @Test func anUnknownCodeIsExplainedByItsDigits() throws {
        let reply = try #require(CodeExplanation(reply: 557))
        #expect(!reply.isRegistered && reply.title == "refused for good, about the mail system")
        let status = CodeExplanation(EnhancedStatusCode(.permanentFailure, 7, 999))
        #expect(!status.isRegistered && status.title == "Security or policy status")
    }

    @Test(arguments: [-1, 0, 199, 260, 600, 1_000]) func whatIsNoReplyCodeIsNotExplained(code: Int) {
        #expect(CodeExplanation(reply: code) == nil)
    }
}
