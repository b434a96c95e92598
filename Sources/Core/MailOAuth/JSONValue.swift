/// A value of JSON (RFC 8259), as far as tokens and keys need it.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Reads a text that is one value. Names that stand twice in an object, and what nests more than eight deep, are
    /// refused.
    public init?(_ text: some Sequence<UInt8>) {
        var reader = JSONReader(Array(text))
        guard let value = reader.document() else { return nil }
        self = value
    }

    var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The member of an object.
    subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }
}
