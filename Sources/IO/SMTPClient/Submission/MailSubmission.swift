public import MailCore
public import MailMIME

/// A message on its way out: who gets it, and its octets.
public struct MailSubmission: Hashable, Sendable {
    /// Who gets the message, and who hears if it cannot be delivered.
    public let envelope: Envelope
    /// Header and body in lines that end with CRLF, as they travel.
    public let content: [UInt8]
    /// What the content was composed from; nil where it was given as octets.
    public let message: MailMessage?

    /// - Parameters:
    ///   - envelope: who gets the message.
    ///   - content: header and body in lines that end with CRLF.
    ///   - message: what the content was composed from.
    public init(envelope: Envelope, content: [UInt8], message: MailMessage? = nil) {
        self.envelope = envelope
        self.content = content
        self.message = message
    }

    /// The content as text, to be looked at.
    public var text: String { String(decoding: content, as: UTF8.self) }
}
