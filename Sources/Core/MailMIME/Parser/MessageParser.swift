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
        return ParsedMessage(octets: MessageOctets(bytes), scanner: scanner)
    }

    /// Reads a message that is there as a whole, without a copy.
    public static func parse(_ message: [UInt8], limits: MessageLimits = MessageLimits()) -> ParsedMessage {
        parse(MessageOctets(message), limits)
    }

    /// Reads a message that lies elsewhere, such as in a file that is mapped into memory. What is made of it leads to the
    /// octets and keeps none of them.
    public static func parse(_ region: some OctetRegion, limits: MessageLimits = MessageLimits()) -> ParsedMessage {
        parse(MessageOctets(region), limits)
    }

    private static func parse(_ octets: MessageOctets, _ limits: MessageLimits) -> ParsedMessage {
        var scanner = PartScanner(limits: limits)
        octets.scan { scanner.scan($0, isEnd: $1) }
        return ParsedMessage(octets: octets, scanner: scanner)
    }

    /// How many lines and boundaries were compared: what the work grows with.
    package var steps: Int { scanner.steps }

    private mutating func scan(isEnd: Bool) {
        let known = bytes
        known.withUnsafeBytes { scanner.scan($0, isEnd: isEnd) }
    }
}
