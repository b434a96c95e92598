package import QueueCore

extension RouteAction: ConfigurationValue {
    package static var typeName: String { "route" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        do throws(Refusal) {
            self = try RouteAction(text)
        } catch {
            throw ValueRefusal(error.text)
        }
    }

    package var toml: String? { TOMLText.string(description) }
}
