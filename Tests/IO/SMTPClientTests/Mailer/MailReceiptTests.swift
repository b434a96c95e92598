import MailCore
import SMTPClient
import SMTPCore
import Testing

@Suite struct MailReceiptTests {
    /// As Postfix, Martlet, Exim, Sendmail and a server that does not tell say it.
    @Test(arguments: [
        ("Ok: queued as 4C7F2", "4C7F2"), ("Queued as 0a1b2c", "0a1b2c"),
        ("OK id=1rAbCd-000Xyz-2B", "1rAbCd-000Xyz-2B"),
        ("Ok: queued as 4C7F2.", "4C7F2"), ("Message accepted for delivery", nil), ("queued as ", nil),
    ])
    func theReplyTellsWhatTheServerCallsTheMessage(text: String, id: String?) throws {
        let envelope = Envelope(reversePath: .null, recipients: [EnvelopeRecipient(try EmailAddress("ann@mx.example"))])
        let receipt = MailReceipt(accepting: envelope, SMTPReply(250, text))
        #expect(receipt.queueID == id && receipt.rejected.isEmpty)
    }
}
