/// A type that a key of the configuration can have.
package protocol ConfigurationValue: Sendable {
    /// What the reference calls the type, in the singular and without an article.
    static var typeName: String { get }
    static var pluralTypeName: String { get }

    /// - Throws: `ValueRefusal` saying all that is wrong.
    init(_ node: TOMLNode) throws(ValueRefusal)

    /// The value as the file would write it; nil for one that is not there.
    var toml: String? { get }
}

extension ConfigurationValue {
    package static var pluralTypeName: String { typeName + "s" }

    /// The refusal of a value of another type.
    static func mismatch(_ node: TOMLNode) -> ValueRefusal {
        let article = "aeiou".contains(typeName.prefix(1)) ? "an" : "a"
        return ValueRefusal("must be \(article) \(typeName), not \(node.kind)")
    }

    static func text(of node: TOMLNode) throws(ValueRefusal) -> String {
        guard case .string(let text) = node else { throw mismatch(node) }
        return text
    }
}

/// Why a value is not taken.
package struct ValueRefusal: Error {
    struct Problem {
        /// Where below the key: the indexes of list elements.
        var path: [String] = []
        /// What follows the key's name in the error text.
        var message: String
    }

    var problems: [Problem]

    init(_ message: String) {
        problems = [Problem(message: message)]
    }

    init(_ problems: [Problem]) {
        self.problems = problems
    }
}
