/// Why no mail can go to a domain, as DNS says.
public enum MailDomainRefusal: Hashable, Sendable {
    /// The domain says that it takes no mail (RFC 7505).
    case nullMX
    /// There is no such domain.
    case noSuchDomain
    /// It cannot be told for now.
    case unknownNow
}
