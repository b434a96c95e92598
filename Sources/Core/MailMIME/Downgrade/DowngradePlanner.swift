public import MailCore

/// Looks at a message that comes piece by piece, and says what has to be changed in it for a next hop.
///
///     var planner = DowngradePlanner(to: .sevenBit)
///     planner.receive(message)
///     let plan = try planner.finish()
public struct DowngradePlanner: Sendable {
    private var walker: PartWalker<PlanVisitor>
    /// The message without regard to its parts.
    private var octets = OctetTally()
    private let hop: EnvelopeOptions.Body

    /// - Parameter hop: what the next hop carries: lines of ASCII, or lines of any octets. Nothing has to be changed for
    ///   one that carries binary.
    public init(to hop: EnvelopeOptions.Body, limits: MessageLimits = MessageLimits()) {
        self.hop = hop
        walker = PartWalker(PlanVisitor(hop), limits: limits)
    }

    /// Takes the next piece of the message.
    public mutating func receive(_ piece: UnsafeRawBufferPointer) {
        octets.take(piece)
        walker.receive(piece)
    }

    /// Takes the next piece of the message.
    public mutating func receive(_ piece: [UInt8]) {
        piece.withUnsafeBytes { receive($0) }
    }

    /// Ends the message.
    public consuming func finish() throws(DowngradeObstacle) -> DowngradePlan {
        walker.finish()
        if walker.isBeyondLimits, let unfit = octets.unfit(for: hop) {
            throw DowngradeObstacle(octets: unfit, place: .tooComplex)
        }
        return try walker.visitor.finish()
    }
}
