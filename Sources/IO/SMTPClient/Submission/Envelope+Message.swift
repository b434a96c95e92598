public import MailCore
public import MailMIME

extension Envelope {
    /// The envelope that a message asks for by its header: to its recipients, from its author.
    ///
    /// Change it where the two differ: another reverse path, say, for a server that collects the reports, or
    /// `options.return` and each recipient's `notify` for what they shall tell (RFC 3461).
    public init(for message: MailMessage) {
        self.init(
            reversePath: .mailbox(message.from.address),
            recipients: message.recipients.map { EnvelopeRecipient($0) },
            options: EnvelopeOptions(
                body: message.needs8BitMIME ? .eightBit : .sevenBit, smtputf8: message.needsSMTPUTF8))
    }

    /// Says of the content what it has to say: octets beyond ASCII need 8BITMIME, and in the header SMTPUTF8.
    mutating func declare(_ content: [UInt8]) {
        guard let first = content.firstIndex(where: { $0 >= 0x80 }) else { return }
        if options.body == .sevenBit { options.body = .eightBit }
        if !content[..<first].contains("\r\n\r\n".utf8) { options.smtputf8 = true }
    }
}
