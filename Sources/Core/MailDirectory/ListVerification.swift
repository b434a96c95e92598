public import MailCore

/// What EXPN is told about its argument (RFC 5321 §3.5).
public enum ListVerification: Equatable, Sendable {
    /// The list and its members in their order (250, one a line).
    case members(of: EmailAddress, [EmailAddress])
    /// Lists of several domains are meant (553).
    case ambiguous([EmailAddress])
    /// No such list (550).
    case unknown
    /// The argument is no name and no address (501).
    case malformed(AddressError)
}
