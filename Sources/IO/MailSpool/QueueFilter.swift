public import MailCore
public import QueueCore

/// Which messages, and which of their recipients, are meant. What is nil does not matter.
public struct QueueFilter: Hashable, Sendable {
    /// Messages with one of these queue IDs.
    public var ids: Set<QueueID>?
    /// Recipients in one of these states.
    public var states: Set<RecipientState>?
    /// Recipients whose address has this text in it, in any case of ASCII.
    public var recipient: String?
    /// Recipients in this domain, in any case of ASCII.
    public var domain: String?
    /// Messages whose reverse path has this text in it; empty for the null reverse path.
    public var sender: String?
    /// Messages that arrived before this time.
    public var arrivedBefore: Timestamp?
    /// Messages that arrived at this time or later.
    public var arrivedFrom: Timestamp?
    /// Messages after this one, for the next page.
    public var after: QueueID?

    public init(
        states: Set<RecipientState>? = nil, recipient: String? = nil, sender: String? = nil, after: QueueID? = nil
    ) {
        self.states = states
        self.recipient = recipient
        self.sender = sender
        self.after = after
    }

    /// Whether it says anything of recipients.
    public var narrowsRecipients: Bool { states != nil || recipient != nil || domain != nil }

    /// Whether it lets this recipient of a message through.
    public func includes(_ other: QueueEntry.Recipient) -> Bool {
        let address = Self.folded(other.recipient.address.description)
        return states?.contains(other.state) != false
            && recipient.map { address.contains(Self.folded($0)) } != false
            && domain.map { address.reversed().starts(with: Self.folded("@\($0)").reversed()) } != false
    }

    /// The octets, as lower() of SQLite gives them.
    private static func folded(_ text: String) -> [UInt8] { text.utf8.map(\.asciiLowercased) }
}
