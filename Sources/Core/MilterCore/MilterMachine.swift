public import struct NIOCore.ByteBuffer

/// This side of a session with a filter: a client of the milter protocol, as Sendmail and Postfix speak it, up to version
/// 6. It is told one event at a time, and says what the filter thinks of it.
public struct MilterMachine: Sendable {
    /// Octets that the changes to one message may have besides a new body, and the number of changes.
    static let largestChanges = 4 * 1_024 * 1_024
    static let mostChanges = 2_000
    /// How often a filter may say that it is still at work, for one answer.
    static let mostProgress = 1_000

    private enum State {
        case negotiating
        case idle
        case waiting(isEndOfMessage: Bool)
        case failed
    }

    private var state = State.negotiating
    private var negotiation: MilterNegotiation?
    private var input = ByteBuffer()
    private var actions: [MilterAction] = [.send(Self.octets(of: MilterNegotiation.offer))]
    private var changes = 0
    private var changedOctets = 0
    private var bodyOctets: UInt64 = 0
    private var progress = 0
    private let largestBody: UInt64

    /// - Parameter largestBody: octets that a new body may have.
    public init(largestBody: UInt64) {
        self.largestBody = largestBody
    }

    /// Whether the filter can be told of an event: it has answered the one before, and is of use.
    public var isReady: Bool {
        if case .idle = state { true } else { false }
    }

    /// Whether a filter wants to hear of an event at all; false as long as nothing is agreed on.
    public func wants(_ event: MilterEvent) -> Bool {
        guard let negotiation else { return false }
        let traits = event.traits
        return negotiation.version >= traits.since
            && (traits.omitted.isEmpty || negotiation.steps.isDisjoint(with: traits.omitted))
    }

    /// Tells the filter of an event. One that it does not want or does not answer has the verdict `.proceed` at once;
    /// `.abort` and `.quit` have none.
    ///
    /// - Parameter macros: what is known by now; of it the filter gets what it asked for.
    /// - Precondition: `isReady`, or the filter is of no more use.
    public mutating func tell(_ event: MilterEvent, macros: [MilterMacro] = []) {
        guard case .idle = state, let negotiation else {
            if case .failed = state { return }
            preconditionFailure("the filter has not answered yet")
        }
        let traits = event.traits
        guard wants(event) else {
            if traits.isAnswered { actions.append(.verdict(.proceed)) }
            return
        }
        var output = ByteBuffer()
        if let stage = traits.stage {
            let wanted = negotiation.macros[stage] ?? MilterMacro.usual[stage] ?? []
            MilterMacro.packet(macros, for: traits.letter, wanted: wanted)?.write(to: &output)
        }
        event.packet(keepsBlanks: negotiation.steps.contains(.leadingBlanks)).write(to: &output)
        actions.append(.send(output))
        guard traits.isAnswered else { return }
        if !traits.silent.isEmpty, negotiation.steps.isSuperset(of: traits.silent) {
            return actions.append(.verdict(.proceed))
        }
        (changes, changedOctets, bodyOctets, progress) = (0, 0, 0, 0)
        state = .waiting(isEndOfMessage: event == .endOfMessage)
    }

    /// Takes octets from the filter.
    public mutating func receive(_ bytes: ByteBuffer) {
        input.writeImmutableBuffer(bytes)
    }

    /// What to do next; nil where more octets or another event are needed.
    public mutating func next() -> MilterAction? {
        if !actions.isEmpty { return actions.removeFirst() }
        do throws(MilterFailure) {
            return try read()
        } catch {
            state = .failed
            return .fail(error)
        }
    }

    private mutating func read() throws(MilterFailure) -> MilterAction? {
        switch state {
        case .failed: return nil
        case .idle:
            guard input.readableBytes == 0 else { throw .malformed("it speaks without being asked") }
            return nil
        case .negotiating:
            guard let packet = try MilterPacket.next(from: &input) else { return nil }
            negotiation = try MilterNegotiation(packet)
            state = .idle
            return .ready
        case .waiting(let isEndOfMessage):
            guard let packet = try MilterPacket.next(from: &input) else { return nil }
            input.discardReadBytes()
            return try answer(packet, isEndOfMessage)
        }
    }

    private mutating func answer(_ packet: MilterPacket, _ isEndOfMessage: Bool) throws(MilterFailure) -> MilterAction {
        if packet.letter == UInt8(ascii: "p") {
            progress += 1
            guard progress <= Self.mostProgress else { throw .tooMuch("it is never done") }
            return .progress
        }
        if let verdict = try MilterVerdict(packet) {
            state = .idle
            return .verdict(verdict)
        }
        guard isEndOfMessage else { throw .malformed("a packet '\(packet.sign)' at this place") }
        return .change(try change(packet))
    }

    private mutating func change(_ packet: MilterPacket) throws(MilterFailure) -> MilterChange {
        let keepsBlanks = negotiation?.steps.contains(.leadingBlanks) ?? false
        guard let change = try MilterChange(packet, keepsBlanks: keepsBlanks) else {
            throw .malformed("a packet '\(packet.sign)' at this place")
        }
        let hasParameters = packet.letter == UInt8(ascii: "2")
        guard change.isAllowed(by: negotiation?.actions ?? [], hasParameters: hasParameters) else {
            throw .malformed("a change that it did not announce: it \(change)")
        }
        if case .body(let piece) = change {
            bodyOctets += UInt64(max(piece.readableBytes, 1))
            guard bodyOctets <= largestBody else { throw .tooMuch("a body of more than \(largestBody) octets") }
        } else {
            changes += 1
            changedOctets += packet.body.readableBytes
            guard changes <= Self.mostChanges, changedOctets <= Self.largestChanges else {
                throw .tooMuch("changes without an end")
            }
        }
        return change
    }

    private static func octets(of packet: MilterPacket) -> ByteBuffer {
        var buffer = ByteBuffer()
        packet.write(to: &buffer)
        return buffer
    }
}

/// What the machine wants done next, in this order.
public enum MilterAction: Hashable, Sendable {
    /// Send this to the filter.
    case send(ByteBuffer)
    /// The filter has agreed on the protocol, and can be told what happens.
    case ready
    /// It is still at work: the time for its answer begins anew.
    case progress
    /// Before its verdict on a whole message: change this.
    case change(MilterChange)
    case verdict(MilterVerdict)
    /// It is of no more use.
    case fail(MilterFailure)
}
