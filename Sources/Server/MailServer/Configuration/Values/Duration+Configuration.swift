extension Duration: ConfigurationValue {
    package static var typeName: String { "duration" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        switch node {
        case .integer(let seconds) where seconds >= 0: self = .seconds(seconds)
        case .integer: throw ValueRefusal("must not be negative")
        case .string(let text):
            guard let milliseconds = Quantity.value(of: text, in: Self.units) else {
                throw ValueRefusal("is no duration: write a number of seconds or \"5 min\"")
            }
            self = .milliseconds(milliseconds)
        default: throw Self.mismatch(node)
        }
    }

    package var toml: String? {
        let (seconds, attoseconds) = components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        return TOMLText.string(milliseconds == 0 ? "0 s" : Quantity.text(of: milliseconds, in: Self.units))
    }

    private static let units = [
        Quantity.Unit(name: "d", size: 86_400_000), Quantity.Unit(name: "h", size: 3_600_000),
        Quantity.Unit(name: "min", size: 60_000), Quantity.Unit(name: "s", size: 1_000),
        Quantity.Unit(name: "ms", size: 1),
    ]
}
