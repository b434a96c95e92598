/// What one attempt came to for one recipient: a record from which reports, log lines and the next state are made
/// (RFC 3464 §2.3), never a sentence.
public struct Outcome: Hashable, Sendable {
    /// What happened to the recipient.
    public enum Action: Hashable, Sendable {
        /// In the mailbox, synced.
        case delivered
        /// Replaced by other recipients: an alias or a list.
        case expanded(into: [ExpandedRecipient])
        /// To be tried again.
        case deferred
        /// Will never succeed.
        case failed
        /// Waits until a person releases it.
        case held
    }

    public var action: Action
    public var status: EnhancedStatusCode
    /// What the agent or the remote said, in one line.
    public var diagnostic: String
    /// The host that decided, if it was another one.
    public var remoteHost: String?
    /// Whether the host that took the message also took over to tell of success (RFC 3461 §5.2.1).
    public var isReportedByNextHop: Bool

    public init(
        _ action: Action, status: EnhancedStatusCode, diagnostic: String, remoteHost: String? = nil,
        isReportedByNextHop: Bool = false
    ) {
        self.action = action
        self.status = status
        self.diagnostic = diagnostic
        self.remoteHost = remoteHost
        self.isReportedByNextHop = isReportedByNextHop
    }
}

/// A recipient that takes the place of another one.
public struct ExpandedRecipient: Hashable, Sendable {
    public var address: EmailAddress
    /// Who hears about this recipient from now on, where a list has an owner of its own (RFC 5321 §3.9.2).
    public var reversePath: ReversePath?

    public init(_ address: EmailAddress, reversePath: ReversePath? = nil) {
        self.address = address
        self.reversePath = reversePath
    }
}
