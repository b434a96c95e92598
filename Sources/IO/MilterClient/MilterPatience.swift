import MilterCore

/// How long a filter may take.
public struct MilterPatience: Hashable, Sendable {
    /// To take a connection and agree on the protocol.
    public var connect: Duration
    /// To answer a command, a header field or a piece of a body.
    public var command: Duration
    /// To answer the end of a message.
    public var content: Duration
    /// The longest wait for one answer, however often the filter says that it is at work: the client waits meanwhile, at
    /// the end of a message for ten minutes at least (RFC 5321 §4.5.3.2.6).
    public var longest: Duration

    public init(
        connect: Duration = .seconds(30), command: Duration = .seconds(30), content: Duration = .seconds(300),
        longest: Duration = .seconds(600)
    ) {
        self.connect = connect
        self.command = command
        self.content = content
        self.longest = longest
    }

    func time(for event: MilterEvent) -> Duration {
        event == .endOfMessage ? content : command
    }
}
