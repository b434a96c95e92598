public import MailCore

/// What delivery does with a recipient.
public enum AddressResolution: Equatable, Sendable {
    case mailbox(Mailbox)
    /// The domain throws its mail away.
    case discard
    /// The recipient is replaced by these, none of which is an alias or list of this directory.
    case expand([ExpandedRecipient])
    /// No such user (5.1.1).
    case unknown
    /// The user has a new address and mail is not forwarded (5.1.6).
    case moved(to: EmailAddress)
    /// To be routed elsewhere.
    case notLocal
    /// The aliases and lists behind the address lead in a circle, or pass a bound of `AliasExpansion` (5.4.6).
    case tooManyExpansions
}
