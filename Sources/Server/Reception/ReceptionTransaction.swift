import MailCore
import QueueCore
import SMTPCore

/// A message on its way in: its place in the queue, and the envelope as far as it is known.
final class ReceptionTransaction {
    let message: any IncomingMessage
    private(set) var envelope: Envelope
    private var addresses: Set<EmailAddress> = []
    /// Octets of content so far.
    var octets: UInt64 = 0

    init(message: any IncomingMessage, mail: MailCommand) {
        self.message = message
        let parameters = mail.parameters
        envelope = Envelope(
            reversePath: mail.reversePath,
            options: EnvelopeOptions(
                body: parameters.body ?? .sevenBit, smtputf8: parameters.smtputf8, return: parameters.return,
                envelopeID: parameters.envelopeID))
    }

    /// Adds a recipient, unless it is there already: a message is delivered once, however often it is asked for.
    func add(_ recipient: EnvelopeRecipient) {
        if addresses.insert(recipient.address).inserted { envelope.recipients.append(recipient) }
    }
}
