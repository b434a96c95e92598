public import MailCore

/// A local address that stands for others (RFC 5321 §3.9.1).
public struct AddressAlias: Hashable, Sendable {
    public enum Rule: Hashable, Sendable {
        /// Mail goes to the targets. With `tell`, a sender who asks hears the new address (251).
        case forward(to: [EmailAddress], tell: Bool)
        /// Mail is refused with the new address (551).
        case moved(to: EmailAddress)
    }

    public var address: EmailAddress
    public var rule: Rule

    public init(_ address: EmailAddress, _ rule: Rule) {
        self.address = address
        self.rule = rule
    }
}
