/// Sees a message part by part, in order. All octets together that it is given are the message.
protocol PartVisitor {
    mutating func visit(_ header: PartHeader)

    /// Text begins: the body of the part whose header came last or, outside of all parts, what stands before the first
    /// and behind the last part of a multipart.
    ///
    /// - Parameter depth: that of the part or of the multipart.
    mutating func beginText(isBody: Bool, depth: Int)

    mutating func text(_ octets: UnsafeRawBufferPointer)

    /// - Parameter isEndOfMessage: false where a boundary follows, with the line end before it.
    mutating func endText(isEndOfMessage: Bool)

    /// A line between parts, with the line end before it where that belongs to it (RFC 2046 §5.1.1).
    mutating func boundary(_ line: UnsafeRawBufferPointer)
}
