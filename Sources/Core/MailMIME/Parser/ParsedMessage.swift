/// A message that was read: its octets, unchanged, and where everything lies in them.
public struct ParsedMessage: Sendable {
    /// The message exactly as it came.
    public var bytes: [UInt8] { octets[0..<octets.count] }
    /// What is wrong with its structure, in the order in which it was met. What is wrong with a body or a field shows
    /// when that is decoded.
    public let defects: [MessageDefect]
    let octets: MessageOctets
    let parts: [PartRecord]
    let fields: [FieldRecord]

    init(octets: MessageOctets, scanner: PartScanner) {
        self.octets = octets
        defects = scanner.defects
        parts = scanner.parts
        fields = scanner.fields
    }

    /// How many octets there are.
    public var size: Int { octets.count }

    /// The outermost part: its header is the message's.
    public var root: MessagePart { MessagePart(message: self, index: 0) }

    /// How many parts there are, the message itself included.
    public var partCount: Int { parts.count }

    /// Every part, outermost first, in the order in which they lie in the message.
    public var allParts: [MessagePart] { parts.indices.map { MessagePart(message: self, index: $0) } }
}
