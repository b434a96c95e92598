/// A number of octets.
package struct ByteCount: Hashable, Comparable, Sendable, ConfigurationValue {
    package let bytes: Int

    package init(_ bytes: Int) {
        self.bytes = bytes
    }

    package static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count << 10) }
    package static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count << 20) }
    package static func gibibytes(_ count: Int) -> ByteCount { ByteCount(count << 30) }

    package static var typeName: String { "size" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        switch node {
        case .integer(let number): bytes = number
        case .string(let text):
            guard let number = Quantity.value(of: text, in: Self.units) else {
                throw ValueRefusal("is no size: write a number of octets or \"50 MiB\"")
            }
            bytes = number
        default: throw Self.mismatch(node)
        }
        guard bytes >= 0 else { throw ValueRefusal("must not be negative") }
    }

    package var toml: String? { TOMLText.string(Quantity.text(of: bytes, in: Self.units)) }

    package static func < (one: ByteCount, other: ByteCount) -> Bool { one.bytes < other.bytes }

    private static let units = [
        Quantity.Unit(name: "GiB", size: 1 << 30), Quantity.Unit(name: "MiB", size: 1 << 20),
        Quantity.Unit(name: "KiB", size: 1 << 10), Quantity.Unit(name: "GB", size: 1_000_000_000),
        Quantity.Unit(name: "MB", size: 1_000_000), Quantity.Unit(name: "kB", size: 1_000),
        Quantity.Unit(name: "B", size: 1),
    ]
}
