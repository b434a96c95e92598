public import MailCore

/// How a client behaves.
public struct SMTPClientConfiguration: Sendable {
    /// What EHLO says of this host: its name, or an address literal.
    public var localName: MailHost
    /// How long connecting may take.
    public var connectTimeout: Duration
    /// The most a client waits for any reply; nil to wait as RFC 5321 §4.5.3.2 asks for.
    public var longestWait: Duration?
    /// The roots that a certificate must lead to where the policy says that it is checked.
    public var trust = TLSTrust.system
    /// Told each line of the dialogue, in order, on the connection's event loop.
    public var transcript: (@Sendable (TranscriptLine) -> Void)?

    /// - Parameters:
    ///   - localName: what EHLO says of this host: its name, or an address literal.
    ///   - connectTimeout: how long connecting may take.
    ///   - longestWait: the most a client waits for any reply; nil for the times of RFC 5321 §4.5.3.2.
    ///   - transcript: told each line of the dialogue, in order, on the connection's event loop.
    public init(
        localName: MailHost, connectTimeout: Duration = .seconds(30), longestWait: Duration? = nil,
        transcript: (@Sendable (TranscriptLine) -> Void)? = nil
    ) {
        self.localName = localName
        self.connectTimeout = connectTimeout
        self.longestWait = longestWait
        self.transcript = transcript
    }
}
