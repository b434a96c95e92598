import FoundationEssentials

/// A value as one line of JSON, with its keys in order, as scripts read it.
package enum JSONLine {
    package static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Many values, each in a line with its end.
    static func lines(_ values: [some Encodable]) throws -> String {
        let encoder = encoder
        var octets = Data()
        for value in values {
            octets.append(try encoder.encode(value))
            octets.append(UInt8(ascii: "\n"))
        }
        return String(decoding: octets, as: UTF8.self)
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
