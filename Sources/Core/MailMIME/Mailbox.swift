public import MailCore

/// An address with the name of whoever it belongs to (RFC 5322 §3.4): `Ann Author <ann@example.org>`.
public struct Mailbox: Hashable, Sendable {
    public let displayName: String?
    public let address: EmailAddress

    /// - Throws: `CompositionError.controlCharacter` or `.tooLong`.
    public init(_ address: EmailAddress, displayName: String? = nil) throws(CompositionError) {
        if let displayName { try CompositionError.check(displayName, "display name") }
        try CompositionError.check(address.description, "address")
        self.displayName = displayName
        self.address = address
    }

    /// The mailbox in pieces between which a line may be folded.
    var tokens: [String] {
        guard let displayName, !displayName.isEmpty else { return ["\(address)"] }
        return Phrase.tokens(of: displayName) + ["<\(address)>"]
    }
}
