public import MailCore

/// What has to be changed in a message so that a next hop can take it (RFC 6152 §3, RFC 3030 §3). `DowngradePlanner` makes
/// it of a message, `DowngradeWriter` carries it out on the same message.
public struct DowngradePlan: Hashable, Sendable {
    /// One for each header, in the order of the message.
    let headers: [HeaderChange]
    /// One for each text.
    let texts: [TextChange]
    /// By how many octets the message grows.
    public let growth: Int
    /// What the changed message needs of the next hop at most.
    public let body: EnvelopeOptions.Body

    /// Whether nothing has to be changed.
    public var isEmpty: Bool { headers.allSatisfy { $0 == .none } && texts.allSatisfy { $0 == .keep } }
}
