package import MailCore

/// A type of mail that reads and writes itself as text.
package protocol MailText: ConfigurationValue, CustomStringConvertible {
    init(_ text: String) throws(AddressError)
}

extension MailText {
    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        do throws(AddressError) {
            try self.init(text)
        } catch {
            throw ValueRefusal("is no \(Self.typeName): \(error)")
        }
    }

    package var toml: String? { TOMLText.string(description) }
}

extension Domain: MailText {
    package static var typeName: String { "domain" }
}

extension EmailAddress: MailText {
    package static var typeName: String { "address" }
    package static var pluralTypeName: String { "addresses" }
}

extension IPNetwork: MailText {
    package static var typeName: String { "network" }
}

extension LocalPart: ConfigurationValue {
    package static var typeName: String { "name" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        guard !text.utf8.contains(ASCII.at) else {
            throw ValueRefusal("is no name: \(text) has an @; the domain is that of the table")
        }
        do throws(AddressError) { try self.init(text) } catch { throw ValueRefusal("is no name: \(error)") }
    }

    package var toml: String? { TOMLText.string(text) }
}
