extension String: ConfigurationValue {
    package static var typeName: String { "text" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        self = try Self.text(of: node)
    }

    package var toml: String? { TOMLText.string(self) }
}

extension Int: ConfigurationValue {
    package static var typeName: String { "whole number" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        guard case .integer(let number) = node else { throw Self.mismatch(node) }
        self = number
    }

    package var toml: String? { String(self) }
}

extension Bool: ConfigurationValue {
    package static var typeName: String { "true or false" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        guard case .boolean(let flag) = node else {
            throw ValueRefusal("must be true or false, not \(node.kind)")
        }
        self = flag
    }

    package var toml: String? { String(self) }
}

extension Array: ConfigurationValue where Element: ConfigurationValue {
    package static var typeName: String { "list of \(Element.pluralTypeName)" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        guard case .array(let nodes) = node else { throw Self.mismatch(node) }
        var problems: [ValueRefusal.Problem] = []
        self = []
        for (index, node) in nodes.enumerated() {
            do throws(ValueRefusal) {
                append(try Element(node))
            } catch {
                problems += error.problems.map { problem in
                    ValueRefusal.Problem(
                        path: [String(index)] + problem.path, message: "has an element that \(problem.message)")
                }
            }
        }
        guard problems.isEmpty else { throw ValueRefusal(problems) }
    }

    package var toml: String? { TOMLText.list(compactMap(\.toml)) }
}

extension Optional: ConfigurationValue where Wrapped: ConfigurationValue {
    package static var typeName: String { Wrapped.typeName }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        self = try Wrapped(node)
    }

    package var toml: String? { flatMap(\.toml) }
}
