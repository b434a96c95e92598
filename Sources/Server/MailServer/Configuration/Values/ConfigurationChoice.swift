/// A key that takes one of a few words.
package protocol ConfigurationChoice: ConfigurationValue, RawRepresentable<String>, CaseIterable {}

extension ConfigurationChoice {
    package static var typeName: String { allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ") }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let words = Self.allCases.map(\.rawValue)
        let choices = words.map { TOMLText.string($0) }.joined(separator: " or ")
        guard case .string(let text) = node else { throw ValueRefusal("must be \(choices), not \(node.kind)") }
        guard let value = Self(rawValue: text) else {
            let hint = Suggestion.nearest(to: text, among: words).map { "; did you mean \(TOMLText.string($0))?" } ?? ""
            throw ValueRefusal("must be \(choices), not \(TOMLText.string(text))\(hint)")
        }
        self = value
    }

    package var toml: String? { TOMLText.string(rawValue) }
}
