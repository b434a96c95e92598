import MailCore
import SMTPCore
import Testing

/// The status of an outcome where the server gave none with its reply: what the code says (RFC 5248).
@Suite struct ReplyStatusTests {
    @Test(arguments: [
        ("521 mx.example takes no mail", SMTPStage.greeting, "5.3.2"), ("554 No SMTP service here", .greeting, "5.3.2"),
        ("450 Later", .greeting, "4.3.2"), ("421 Closing", .mail, "4.3.2"), ("550 Not you", .mail, "5.0.0"),
        ("554 Listed", .rcpt, "5.0.0"),
        ("530 Log in first", .mail, "5.7.0"), ("552 Too large", .mail, "5.3.4"), ("501 What?", .rcpt, "5.5.4"),
        ("550 Nobody here", .rcpt, "5.1.0"), ("450 Busy", .rcpt, "4.2.0"), ("551 Gone", .rcpt, "5.1.6"),
        ("553 No name", .rcpt, "5.1.3"), ("556 No mail there", .rcpt, "5.1.10"), ("521 No mail", .rcpt, "5.3.2"),
        ("554 No", .endOfData, "5.6.0"), ("550 Spam", .endOfData, "5.6.0"), ("451 Oops", .endOfData, "4.3.0"),
        ("452 Full", .endOfData, "4.3.1"),
    ]) func `a bare reply has the status that its code stands for`(reply: String, stage: SMTPStage, status: String) {
        let code = Int(reply.prefix(3)) ?? 0
        let outcome = Outcome(SMTPReply(code, String(reply.dropFirst(4))), stage: stage, remoteHost: nil)
        #expect("\(outcome.status)" == status)
        #expect(outcome.action == (code >= 500 ? .failed : .deferred))
    }

    @Test func `a status that the server gives counts, unless it contradicts the code`() {
        let given = SMTPReply(550, EnhancedStatusCode(.permanentFailure, 7, 1), "No")
        #expect("\(Outcome(given, stage: .rcpt, remoteHost: nil).status)" == "5.7.1")
        let contradicted = SMTPReply(450, EnhancedStatusCode(.permanentFailure, 7, 1), "No")
        #expect("\(Outcome(contradicted, stage: .rcpt, remoteHost: nil).status)" == "4.2.0")
    }

    @Test func `a 552 to RCPT says that there are enough recipients`() {
        let outcome = Outcome(SMTPReply(552, "Too many"), stage: .rcpt, remoteHost: nil)
        #expect(outcome.action == .deferred && "\(outcome.status)" == "4.5.3")
    }
}
