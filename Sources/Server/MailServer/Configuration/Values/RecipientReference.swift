package import MailCore

/// A recipient as the configuration names it: an address, or a name in the domain where it stands.
package struct RecipientReference: Hashable, Sendable, ConfigurationValue {
    package let localPart: LocalPart
    /// nil where the name stands alone.
    package let host: MailHost?

    package static var typeName: String { "recipient" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        do throws(AddressError) {
            var parser = MailboxParser(Array(text.utf8))
            localPart = try parser.localPart()
            host = parser.cursor.take(ASCII.at) ? try parser.host() : nil
            guard parser.cursor.isAtEnd else { throw AddressError("there is something behind the address") }
        } catch {
            throw ValueRefusal("is no recipient: \(error)")
        }
    }

    package func address(in host: MailHost) -> EmailAddress {
        EmailAddress(localPart: localPart, host: self.host ?? host)
    }

    package var toml: String? { TOMLText.string(host.map { "\(localPart)@\($0)" } ?? localPart.description) }
}
