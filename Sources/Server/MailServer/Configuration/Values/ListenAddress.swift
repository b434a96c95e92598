package import MailCore

/// Where a listener listens: `127.0.0.1:2525` or `[::1]:25`. Port 0 lets the system choose one.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible, ConfigurationValue {
    package let host: IPAddress
    package let port: UInt16

    package init(host: IPAddress, port: UInt16) {
        self.host = host
        self.port = port
    }

    package static var typeName: String { "socket address" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            let host = Self.host(text[..<colon])
        else { throw ValueRefusal("is no socket address: write \"127.0.0.1:25\" or \"[::1]:25\", not \"\(text)\"") }
        self.init(host: host, port: port)
    }

    private static func host(_ text: Substring) -> IPAddress? {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        guard isBracketed else { return IPv4Address(String(text)).map(IPAddress.v4) }
        return IPv6Address(String(text.dropFirst().dropLast())).map(IPAddress.v6)
    }

    package var description: String {
        switch host {
        case .v4(let address): "\(address):\(port)"
        case .v6(let address): "[\(address)]:\(port)"
        }
    }

    package var toml: String? { TOMLText.string(description) }
}
