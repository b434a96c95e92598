/// Where reports about a message go: a mailbox, or nowhere (`<>`, RFC 5321 §4.5.5).
public enum ReversePath: Hashable, Sendable, CustomStringConvertible {
    case null
    case mailbox(EmailAddress)

    /// In angle brackets, as MAIL and Return-Path write it.
    public var description: String {
        switch self {
        case .null: "<>"
        case .mailbox(let address): "<\(address)>"
        }
    }

    public var mailbox: EmailAddress? {
        if case .mailbox(let address) = self { address } else { nil }
    }
}
