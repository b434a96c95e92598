/// A message that was read: its octets, unchanged, and where everything lies in them.
public struct ParsedMessage: Sendable {
    /// The message exactly as it came.
    public var bytes: [UInt8] { octets[0..<octets.count] }
    /// What is wrong with its structure, in the order in which it was met. What is wrong with a body or a field shows
    /// when that is decoded.
    public var defects: [MessageDefect] { contents.defects }
    private let contents: Contents

    init(octets: MessageOctets, scanner: PartScanner) {
        contents = Contents(octets: octets, scanner: scanner)
    }

    var octets: MessageOctets { contents.octets }
    var parts: [PartRecord] { contents.parts }
    var fields: [FieldRecord] { contents.fields }

    /// How many octets there are.
    public var size: Int { octets.count }

    /// The outermost part: its header is the message's.
    public var root: MessagePart { MessagePart(message: self, index: 0) }

    /// How many parts there are, the message itself included.
    public var partCount: Int { parts.count }

    /// Every part, outermost first, in the order in which they lie in the message.
    public var allParts: [MessagePart] { parts.indices.map { MessagePart(message: self, index: $0) } }

    /// Behind one reference, for every part and field holds its message.
    private final class Contents: Sendable {
        let octets: MessageOctets
        let parts: [PartRecord]
        let fields: [FieldRecord]
        let defects: [MessageDefect]

        init(octets: MessageOctets, scanner: PartScanner) {
            self.octets = octets
            parts = scanner.parts
            fields = scanner.fields
            defects = scanner.defects
        }
    }
}
