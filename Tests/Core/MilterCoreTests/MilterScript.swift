import NIOCore

@testable import MilterCore

/// Packets as filters write them, and a machine that has got so far.
enum MilterScript {
    static func packet(_ letter: Character, _ body: [UInt8] = []) -> [UInt8] {
        let length = UInt32(body.count + 1)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + [letter.asciiValue ?? 0] + body
    }

    static func packet(_ letter: Character, _ body: String) -> [UInt8] { packet(letter, Array(body.utf8)) }

    /// What a filter makes of the offer.
    static func agreement(
        version: UInt32 = 6, actions: MilterActions = .all, steps: MilterSteps = [], macros: [UInt8] = []
    ) -> [UInt8] {
        var body = ByteBuffer()
        for number in [version, actions.rawValue, steps.rawValue] { body.writeInteger(number) }
        return packet("O", Array(body.readableBytesView) + macros)
    }

    /// A machine that has agreed with its filter.
    static func machine(_ agreement: [UInt8] = agreement(), largestBody: UInt64 = 1_000) -> MilterMachine {
        var machine = MilterMachine(largestBody: largestBody)
        machine.receive(ByteBuffer(bytes: agreement))
        while let action = machine.next(), action != .ready {}
        return machine
    }

    /// What goes to a filter that is told of an event.
    static func sent(
        _ event: MilterEvent, macros: [MilterMacro] = [], _ agreement: [UInt8] = agreement()
    ) -> [UInt8] {
        var machine = machine(agreement)
        machine.tell(event, macros: macros)
        guard case .send(let octets)? = machine.next() else { return [] }
        return Array(octets.readableBytesView)
    }

    /// What a machine makes of what a filter says to the end of a message, or to another event.
    static func actions(
        to event: MilterEvent = .endOfMessage, _ said: [UInt8]..., agreement: [UInt8] = agreement(),
        largestBody: UInt64 = 1_000
    ) -> [MilterAction] {
        var machine = machine(agreement, largestBody: largestBody)
        machine.tell(event)
        var actions: [MilterAction] = []
        for piece in said {
            machine.receive(ByteBuffer(bytes: piece))
            while let action = machine.next() { actions.append(action) }
        }
        return actions.filter { if case .send = $0 { false } else { true } }
    }
}
