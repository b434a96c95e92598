package import MailCore

/// Where a resolver is: `192.0.2.53`, `127.0.0.1:5353`, `2001:db8::53` or `[::1]:5353`; port 53 where none is said.
package struct NameServerAddress: Hashable, Sendable, ConfigurationValue {
    package let host: IPAddress
    package let port: UInt16

    package static var typeName: String { "resolver address" }
    package static var pluralTypeName: String { "resolver addresses" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        if let host = IPAddress(text) {
            (self.host, port) = (host, 53)
        } else if let address = try? ListenAddress(node), address.port != 0 {
            (host, port) = (address.host, address.port)
        } else {
            throw ValueRefusal("is no resolver: write \"192.0.2.53\" or \"[::1]:5353\", not \"\(text)\"")
        }
    }

    package var toml: String? {
        port == 53 ? TOMLText.string(host.description) : ListenAddress(host: host, port: port).toml
    }
}
