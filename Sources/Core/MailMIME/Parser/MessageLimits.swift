/// What a message may make the parser keep. What is beyond stays in the octets, unread, and is named as a defect.
public struct MessageLimits: Hashable, Sendable {
    /// How deep parts may lie within parts; the message itself is at depth 1.
    public var depth: Int
    /// How many parts, the message itself included.
    public var parts: Int
    /// How many header fields, those of all parts together.
    public var fields: Int
    /// How many octets of a boundary count (RFC 2046 §5.1.1 allows 70); a longer one is none.
    public var boundaryLength: Int

    public init(depth: Int = 64, parts: Int = 10_000, fields: Int = 50_000, boundaryLength: Int = 1_000) {
        self.depth = depth
        self.parts = parts
        self.fields = fields
        self.boundaryLength = boundaryLength
    }
}
