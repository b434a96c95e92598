import FoundationEssentials
import MailCore
import MailMIME
import NIOCore

/// A message with its envelope, ready to be sent.
struct OutgoingMessage: Sendable {
    enum Content: Sendable {
        case composed(MailMessage)
        case file(MessageFile)
        /// Changed while it is read.
        case changed(MessageFile, DowngradePlan)
    }

    var envelope: Envelope
    let content: Content
    /// In octets, as it travels.
    let size: UInt64

    init(_ message: MailMessage, reversePath: ReversePath) {
        envelope = Envelope(
            reversePath: reversePath, recipients: message.recipients.map { EnvelopeRecipient($0) },
            options: EnvelopeOptions(
                body: message.needs8BitMIME ? .eightBit : .sevenBit, smtputf8: message.needsSMTPUTF8))
        content = .composed(message)
        size = MessageWriter(message).size
    }

    init(_ file: MessageFile, reversePath: ReversePath, recipients: [EmailAddress]) {
        var seen: Set<EmailAddress> = []
        let recipients = recipients.filter { seen.insert($0).inserted }
        envelope = Envelope(
            reversePath: reversePath, recipients: recipients.map { EnvelopeRecipient($0) },
            options: EnvelopeOptions(
                body: file.has8Bit ? .eightBit : .sevenBit,
                smtputf8: file.has8BitHeader || !recipients.allSatisfy(\.isASCII)))
        content = .file(file)
        size = file.size
    }

    private init(_ file: MessageFile, changedBy plan: DowngradePlan, _ envelope: Envelope) {
        self.envelope = envelope
        content = .changed(file, plan)
        size = UInt64(Int(file.size) + plan.growth)
    }

    /// The message as a server without 8BITMIME can take it: composed again, or that of a file with its parts encoded.
    ///
    /// - Throws: `InputError` where the file cannot be read, or its message must stay as it is: one that is signed, say.
    func inSevenBits() throws -> OutgoingMessage {
        guard envelope.options.body == .eightBit else { return self }
        switch content {
        case .changed: return self
        case .composed(let message):
            var changed = OutgoingMessage(message.inSevenBits, reversePath: envelope.reversePath)
            (changed.envelope.options.return, changed.envelope.options.envelopeID) = (
                envelope.options.return, envelope.options.envelopeID
            )
            return changed
        case .file(let file):
            var envelope = envelope
            envelope.options.body = .sevenBit
            return OutgoingMessage(file, changedBy: try file.planToSevenBits(), envelope)
        }
    }

    /// Writes the message to standard output, and to standard error whom it would go to.
    func print() async throws {
        StandardError.print("From \(envelope.reversePath)")
        for recipient in envelope.recipients { StandardError.print("To   <\(recipient.address)>") }
        for try await piece in MessagePieces(self, progress: nil) {
            try StandardOutput.write(Data(piece.readableBytesView))
        }
    }
}
