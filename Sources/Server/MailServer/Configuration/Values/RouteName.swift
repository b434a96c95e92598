package import MailCore

/// Which mail a route is for.
package enum RouteName: Hashable, Sendable, CustomStringConvertible, ConfigurationValue {
    /// Everything without a route of its own.
    case `default`
    case domain(Domain)

    package static var typeName: String { "`default` or a domain" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        self = try Self.text(of: node) == "default" ? .default : .domain(try Domain(node))
    }

    package var description: String {
        switch self {
        case .default: "default"
        case .domain(let domain): domain.description
        }
    }

    package var toml: String? { TOMLText.string(description) }
}
