public import MailCore

/// What VRFY is told about its argument (RFC 5321 §3.5).
public enum AddressVerification: Equatable, Sendable {
    /// A user or a list, by its full address (250).
    case known(EmailAddress)
    /// An alias that is known by this address and leads to others (251 with one target, else 250).
    case alias(EmailAddress, to: [EmailAddress])
    /// The user has a new address (551).
    case moved(EmailAddress, to: EmailAddress)
    /// Nobody has the name, but a message would be taken (252).
    case wouldBeTried(EmailAddress)
    /// Several addresses are meant (553).
    case ambiguous([EmailAddress])
    /// No such user (550).
    case unknown
    /// An address of another system (252 or 551, as relaying allows).
    case notLocal(EmailAddress)
    /// The argument is no name and no address (501).
    case malformed(AddressError)
}
