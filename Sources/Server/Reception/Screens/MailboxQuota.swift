import MailCore
public import MailDirectory
public import SMTPCore

/// Refuses recipients whose mailboxes are full, or have no room for a message of the size that the client announced.
public struct MailboxQuota: RecipientScreen {
    /// The folder of a mailbox, and how many octets it may hold.
    public typealias Quota = (folder: String, octets: UInt64)

    private let quota: @Sendable (EmailAddress) -> Quota?
    private let octets: @Sendable (String) async -> UInt64
    private let hasQuotas: @Sendable () -> Bool

    /// - Parameters:
    ///   - hasQuotas: whether any mailbox has one.
    ///   - directory: who the users are, and what their mailboxes may hold.
    ///   - octets: what the mailbox at a path holds; asked where the configuration gives it a quota.
    public init(
        hasQuotas: @escaping @Sendable () -> Bool, directory: @escaping @Sendable () -> AddressDirectory,
        octets: @escaping @Sendable (String) async -> UInt64
    ) {
        self.hasQuotas = hasQuotas
        self.octets = octets
        quota = { address in
            guard case .mailbox(let mailbox) = directory().lookup(address), let quota = mailbox.quota,
                case .maildir(let folder) = mailbox.delivery
            else { return nil }
            return (folder, quota)
        }
    }

    public var isOn: Bool { hasQuotas() }
    public var isOnForUsers: Bool { isOn }
    public var isOnForTrusted: Bool { isOn }

    public func objection(to recipient: ScreenedRecipient) async -> SMTPReply? {
        guard let (folder, most) = quota(recipient.recipient) else { return nil }
        let held = await octets(folder)
        let (total, overflow) = held.addingReportingOverflow(recipient.size ?? 0)
        return held < most && total <= most && !overflow ? nil : .mailboxFull
    }
}

extension SMTPReply {
    fileprivate static let mailboxFull = SMTPReply(
        552, EnhancedStatusCode(.permanentFailure, 2, 2), "The mailbox is full")
}
