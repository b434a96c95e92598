public import MailCore

/// What is known about an address when a sender names it.
public enum AddressLookup: Equatable, Sendable {
    /// A local user.
    case mailbox(Mailbox)
    /// An alias; with `tell` the sender may hear the targets (251).
    case alias(to: [EmailAddress], tell: Bool)
    case list(MailingList)
    /// No such name, but the domain has somebody who takes it.
    case catchAll(EmailAddress)
    /// The name is an alias that refuses with a new address (551 5.1.6).
    case moved(to: EmailAddress)
    /// The domain is local and the name is not known (550 5.1.1).
    case unknownUser
    /// Not in a local domain; address literals never are.
    case notLocal
}
