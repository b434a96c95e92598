import struct NIOCore.ByteBuffer

/// What both sides have agreed on at the beginning.
struct MilterNegotiation: Hashable, Sendable {
    static let version = 6

    let version: Int
    let actions: MilterActions
    let steps: MilterSteps
    /// The macros that the filter wants, by the number of the stage. A stage that is not there gets the usual ones.
    let macros: [Int: Set<String>]

    /// What this side offers: all there is.
    static var offer: MilterPacket {
        var packet = MilterPacket("O")
        packet.body.writeInteger(UInt32(version))
        packet.body.writeInteger(MilterActions.all.rawValue)
        packet.body.writeInteger(MilterSteps.all.rawValue)
        return packet
    }

    /// Reads what a filter makes of the offer.
    init(_ packet: MilterPacket) throws(MilterFailure) {
        var body = packet.body
        guard packet.letter == UInt8(ascii: "O"), let version: UInt32 = body.readInteger(),
            let actions: UInt32 = body.readInteger(), let steps: UInt32 = body.readInteger()
        else { throw .malformed("no answer to the offer") }
        guard (2...UInt32(Self.version)).contains(version) else { throw .malformed("version \(version)") }
        self.version = Int(version)
        self.actions = MilterActions(rawValue: actions)
        self.steps = MilterSteps(rawValue: steps)
        guard self.actions.isSubset(of: .all), self.steps.isSubset(of: .all) else {
            throw .malformed("it wants what was not offered")
        }
        macros = try Self.macros(&body)
    }

    private static func macros(_ body: inout ByteBuffer) throws(MilterFailure) -> [Int: Set<String>] {
        var macros: [Int: Set<String>] = [:]
        while let stage: UInt32 = body.readInteger() {
            guard stage < 7, let names = body.readTerminated() else { throw .malformed("no list of macros") }
            macros[Int(stage)] = Set(
                names.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }.map {
                    String(decoding: $0, as: UTF8.self)
                })
        }
        guard body.readableBytes == 0 else { throw .malformed("something behind the answer to the offer") }
        return macros
    }
}
