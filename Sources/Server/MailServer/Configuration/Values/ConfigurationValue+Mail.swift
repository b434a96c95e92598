package import MailCore

extension Domain: ConfigurationValue {
    package static var typeName: String { "domain" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        do throws(AddressError) { try self.init(text) } catch { throw ValueRefusal("is no domain: \(error)") }
    }

    package var toml: String? { TOMLText.string(description) }
}

extension EmailAddress: ConfigurationValue {
    package static var typeName: String { "address" }
    package static var pluralTypeName: String { "addresses" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        do throws(AddressError) { try self.init(text) } catch { throw ValueRefusal("is no address: \(error)") }
    }

    package var toml: String? { TOMLText.string(description) }
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

extension IPNetwork: ConfigurationValue {
    package static var typeName: String { "network" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        do throws(AddressError) { try self.init(text) } catch { throw ValueRefusal("is no network: \(error)") }
    }

    package var toml: String? { TOMLText.string(description) }
}
