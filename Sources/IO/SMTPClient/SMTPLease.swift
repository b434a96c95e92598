/// A connection of a pool in the hands of one user, who gives it back.
public struct SMTPLease: Sendable {
    /// Where the connection leads.
    public let endpoint: SMTPEndpoint
    /// What messages go over.
    public let connection: SMTPConnection
    /// Messages that went over it before, or were tried.
    public let messages: Int

    /// Whether the connection was idle before: the server may have closed it while the lease was being given out.
    public var isReused: Bool { messages > 0 }
}
