import MailCore
import MailDirectory
import QueueCore
import SMTPCore

/// A message on its way in: its place in the queue, and the envelope as far as it is known.
final class ReceptionTransaction {
    let message: any IncomingMessage
    /// Where the content goes: another place than `message` where it is looked at before it is stored.
    let content: any IncomingMessage
    /// For SEND, SOML and SAML.
    let terminals: TerminalTransaction?
    private(set) var envelope: Envelope
    private var addresses: Set<EmailAddress> = []
    private let directory: AddressDirectory
    /// The size that was announced, in octets.
    let size: UInt64?
    /// Octets of content so far.
    var octets: UInt64 = 0

    init(
        message: any IncomingMessage, content: any IncomingMessage, mail: MailCommand, directory: AddressDirectory
    ) {
        self.message = message
        self.content = content
        self.directory = directory
        terminals = TerminalTransaction(mail.verb)
        size = mail.parameters.size
        let parameters = mail.parameters
        envelope = Envelope(
            reversePath: mail.reversePath,
            options: EnvelopeOptions(
                body: parameters.body ?? .sevenBit, smtputf8: parameters.smtputf8, return: parameters.return,
                envelopeID: parameters.envelopeID, requireTLS: parameters.requireTLS))
    }

    func discard() {
        message.discard()
        if content !== message { content.discard() }
    }

    /// Adds a recipient, unless it is there already: a message is delivered once, however often it is asked for.
    func add(_ recipient: EnvelopeRecipient) {
        if addresses.insert(identity(of: recipient.address)).inserted { envelope.recipients.append(recipient) }
    }

    /// Names of our own are the same in any case; elsewhere that is not ours to say (RFC 5321 §2.4).
    private func identity(of address: EmailAddress) -> EmailAddress {
        guard let domain = address.domain, directory.isLocal(domain),
            let folded = try? LocalPart(address.localPart.folded)
        else { return address }
        return EmailAddress(localPart: folded, host: address.host)
    }
}
