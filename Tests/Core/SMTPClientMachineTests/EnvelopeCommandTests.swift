import MailCore
import SMTPCore
import Testing

/// What MAIL and RCPT say, and what is not even asked.
@Suite struct EnvelopeCommandTests {
    @Test func parametersGoOnlyToAServerThatKnowsThem() throws {
        let options = EnvelopeOptions(body: .eightBit, return: .headers, envelopeID: "a+b=c d")
        var plain = try Dialogue()
        plain.open("8BITMIME")
        #expect(try plain.begin("bob", options: options, size: 9) == "MAIL FROM:<ann@client.example> BODY=8BITMIME\r\n")
        var able = try Dialogue()
        able.open("8BITMIME", "SIZE", "DSN", "SMTPUTF8")
        #expect(
            try able.begin("bob", options: options, size: 9)
                == "MAIL FROM:<ann@client.example> SIZE=9 BODY=8BITMIME RET=HDRS ENVID=a+2Bb+3Dc+20d\r\n")
    }

    @Test func dsnParametersOfARecipient() throws {
        var dialogue = try Dialogue()
        dialogue.open("DSN")
        let original = OriginalRecipient(addressType: "rfc822", address: "b+b@x.example")
        let recipients = [
            EnvelopeRecipient(try EmailAddress("bob@mx.example"), notify: .never),
            EnvelopeRecipient(try EmailAddress("cid@mx.example"), notify: [.success, .delay], original: original),
        ]
        dialogue.perform { $0.begin(Envelope(reversePath: .null, recipients: recipients), size: nil) }
        #expect(dialogue.sent.hasSuffix("MAIL FROM:<>\r\n"))
        #expect(dialogue.server("250 ok\r\n") == "RCPT TO:<bob@mx.example> NOTIFY=NEVER\r\n")
        #expect(
            dialogue.server("250 ok\r\n")
                == "RCPT TO:<cid@mx.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bb@x.example\r\n")
    }

    @Test func whatTheServerCannotTakeIsNotSent() throws {
        let cases: [(EnvelopeOptions, String, String)] = [
            (EnvelopeOptions(), "bob", "5.3.4"), (EnvelopeOptions(smtputf8: true), "bob", "5.6.7"),
            (EnvelopeOptions(), "jürgen", "5.6.7"), (EnvelopeOptions(body: .eightBit), "bob", "5.6.3"),
            (EnvelopeOptions(body: .binary), "bob", "5.6.3"),
        ]
        for (options, recipient, status) in cases {
            var dialogue = try Dialogue()
            dialogue.open("SIZE 1000")
            let size: UInt64 = status == "5.3.4" ? 1_001 : 1_000
            #expect(try dialogue.begin(recipient, options: options, size: size) == "")
            #expect(dialogue.outcomes == [.failed] && dialogue.statuses == [status])
            #expect(dialogue.machine.canBegin)
        }
    }

    @Test func noValueCanEndItsLine() throws {
        let bob = try EmailAddress("bob@mx.example")
        let forged = EmailAddress(localPart: bob.localPart, host: .general(tag: "x", content: "y]>\r\nDATA"))
        let original = OriginalRecipient(addressType: "rfc822\r\nDATA", address: "x")
        for recipient in [EnvelopeRecipient(forged), EnvelopeRecipient(bob, original: original)] {
            var dialogue = try Dialogue()
            dialogue.open("DSN", "PIPELINING")
            let before = dialogue.sent
            dialogue.perform { $0.begin(Envelope(reversePath: .null, recipients: [recipient]), size: nil) }
            #expect(dialogue.sent == before && dialogue.isClosed)
            #expect(dialogue.outcomes == [.deferred])
        }
    }

    @Test func aUTF8AddressIsSentToAServerThatTakesIt() throws {
        var dialogue = try Dialogue()
        dialogue.open("SMTPUTF8", "8BITMIME")
        #expect(try dialogue.begin("jürgen") == "MAIL FROM:<ann@client.example> SMTPUTF8\r\n")
        #expect(dialogue.server("250 ok\r\n") == "RCPT TO:<jürgen@mx.example>\r\n")
    }
}
