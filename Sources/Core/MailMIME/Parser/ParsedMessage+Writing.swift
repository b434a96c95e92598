extension ParsedMessage {
    /// The message put together again from its parts and what lies between them: octet by octet what was read.
    public func written() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(size)
        Self.write(root, to: &output)
        return output
    }

    /// The header, the parts inside with the boundaries around them, and what follows the last one.
    private static func write(_ part: MessagePart, to output: inout [UInt8]) {
        output += part.message.octets[part.headerRange]
        var position = part.bodyRange.lowerBound
        for inner in part.parts {
            output += part.message.octets[position..<inner.headerRange.lowerBound]
            write(inner, to: &output)
            position = inner.bodyRange.upperBound
        }
        output += part.message.octets[position..<part.bodyRange.upperBound]
    }
}
