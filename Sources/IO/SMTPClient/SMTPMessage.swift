public import MailCore
public import NIOCore

/// A message in memory with its envelope, as a connection carries it.
public struct SMTPMessage: Sendable {
    /// Who gets it, and who hears if it cannot be delivered.
    public var envelope: Envelope
    /// Header and body in lines that end with CRLF.
    public var content: ByteBuffer

    /// - Parameters:
    ///   - envelope: with a recipient at least.
    ///   - content: header and body in lines that end with CRLF.
    public init(_ envelope: Envelope, _ content: ByteBuffer) {
        self.envelope = envelope
        self.content = content
    }
}
