/// A mailbox as the envelope names it: `local-part@host` (RFC 5321 §4.1.2, with RFC 6531 §3.3).
public struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    public let localPart: LocalPart
    public let host: MailHost

    public init(localPart: LocalPart, host: MailHost) {
        self.localPart = localPart
        self.host = host
    }

    /// - Throws: `AddressError` naming what is wrong with `text`.
    public init(_ text: String) throws(AddressError) {
        var parser = MailboxParser(Array(text.utf8))
        self = try parser.mailbox()
        guard parser.cursor.isAtEnd else { throw AddressError("there is something behind the address") }
    }

    /// As it stands on the wire, without angle brackets.
    public var description: String { "\(localPart)@\(host)" }

    /// The domain, unless the host is a literal.
    public var domain: Domain? { host.domain }

    /// Whether the address can be carried without SMTPUTF8.
    public var isASCII: Bool {
        localPart.text.utf8.allSatisfy { $0 < 0x80 } && (domain?.isASCII ?? true)
    }
}
