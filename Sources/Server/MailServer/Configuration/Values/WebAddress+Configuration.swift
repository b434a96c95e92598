package import WebCore

extension WebAddress: ConfigurationValue {
    package static var typeName: String { "Web address" }
    package static var pluralTypeName: String { "Web addresses" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        guard let address = WebAddress(text) else {
            throw ValueRefusal(
                "must be \"https://host/path\" or \"http://host:port/path\", not \(TOMLText.string(text))")
        }
        self = address
    }

    package var toml: String? { TOMLText.string(description) }
}
