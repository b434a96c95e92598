/// Reads a message (RFC 5322, RFC 2045–2049) piece by piece, however it is cut. Never fails: what is broken gets the best
/// reading there is, and is named in `ParsedMessage.defects`.
///
///     var parser = MessageParser()
///     parser.receive(bytes)
///     let message = parser.finish()
public struct MessageParser: Sendable {
    private var bytes: [UInt8] = []
    private var scanner: PartScanner

    public init(limits: MessageLimits = MessageLimits()) {
        scanner = PartScanner(limits: limits)
    }

    /// Takes the next piece of the message.
    public mutating func receive(_ piece: some Sequence<UInt8>) {
        bytes.append(contentsOf: piece)
        scan(isEnd: false)
    }

    /// Ends the message.
    public consuming func finish() -> ParsedMessage {
        scan(isEnd: true)
        return ParsedMessage(bytes: bytes, scanner: scanner)
    }

    /// Reads a message that is there as a whole, without a copy.
    public static func parse(_ message: [UInt8], limits: MessageLimits = MessageLimits()) -> ParsedMessage {
        var parser = MessageParser(limits: limits)
        parser.bytes = message
        return parser.finish()
    }

    /// How many lines and boundaries were compared: what the work grows with.
    package var steps: Int { scanner.steps }

    private mutating func scan(isEnd: Bool) {
        let known = bytes
        known.withUnsafeBytes { scanner.scan($0, isEnd: isEnd) }
    }
}
