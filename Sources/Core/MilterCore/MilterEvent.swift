public import MailCore

public import struct NIOCore.ByteBuffer

/// What a filter is told of a session, in the order of the session.
public enum MilterEvent: Hashable, Sendable {
    /// The longest piece of a body that is told at once, in octets.
    public static let longestPiece = 65_535

    /// A client has connected.
    case connect(name: String, MilterPeer)
    case hello(String)
    /// The reverse path in its brackets, and the parameters of MAIL.
    case mail(path: String, parameters: [String])
    /// A forward path in its brackets, and the parameters of RCPT.
    case recipient(path: String, parameters: [String])
    case data
    /// A command that the server does not know.
    case unknown(String)
    /// A field of the header: all that stands behind the colon, but for the last line end.
    case field(name: String, value: [UInt8])
    case endOfHeader
    /// A piece of the body, at most `longestPiece` octets.
    case body(ByteBuffer)
    case endOfMessage
    /// The transaction is over without a message.
    case abort
    /// The session is over.
    case quit
    /// The session is over, and another one follows over the same connection.
    case quitForNext
}

/// Where a client comes from.
public enum MilterPeer: Hashable, Sendable {
    case unknown
    case local(path: String)
    case ip(IPAddress, port: Int)
}

extension MilterEvent {
    /// What a filter leaves out of an event, and for which of its stages it wants macros.
    struct Traits {
        let letter: Character
        /// The steps by which a filter is not told.
        var omitted: MilterSteps = []
        /// The steps by which it does not answer.
        var silent: MilterSteps = []
        /// The number of the macros' stage: SMFIM of libmilter.
        var stage: Int?
        /// The version of the protocol that has it.
        var since = 2
        var isAnswered = true
    }

    /// What the protocol says of the event. // house: table, one row for each event
    var traits: Traits {
        switch self {
        case .connect: Traits(letter: "C", omitted: .noConnect, silent: .silentConnect, stage: 0)
        case .hello: Traits(letter: "H", omitted: .noHello, silent: .silentHello, stage: 1)
        case .mail: Traits(letter: "M", omitted: .noMail, silent: .silentMail, stage: 2)
        case .recipient: Traits(letter: "R", omitted: .noRecipient, silent: .silentRecipient, stage: 3)
        case .data: Traits(letter: "T", omitted: .noData, silent: .silentData, stage: 4, since: 4)
        case .unknown: Traits(letter: "U", omitted: .noUnknown, silent: .silentUnknown, since: 3)
        case .field: Traits(letter: "L", omitted: .noFields, silent: .silentField)
        case .endOfHeader: Traits(letter: "N", omitted: .noEndOfHeader, silent: .silentEndOfHeader, stage: 6)
        case .body: Traits(letter: "B", omitted: .noBody, silent: .silentBody)
        case .endOfMessage: Traits(letter: "E", stage: 5)
        case .abort: Traits(letter: "A", isAnswered: false)
        case .quit: Traits(letter: "Q", isAnswered: false)
        case .quitForNext: Traits(letter: "K", since: 6, isAnswered: false)
        }
    }

    /// - Parameter keepsBlanks: whether the blank behind the colon of a field goes with it.
    func packet(keepsBlanks: Bool) -> MilterPacket {
        var packet = MilterPacket(traits.letter)
        switch self {
        case .connect(let name, let peer):
            packet.body.writeTerminated(name)
            peer.write(to: &packet.body)
        case .hello(let name): packet.body.writeTerminated(name)
        case .mail(let path, let parameters), .recipient(let path, let parameters):
            for text in [path] + parameters { packet.body.writeTerminated(text) }
        case .unknown(let line): packet.body.writeTerminated(line)
        case .field(let name, let value):
            packet.body.writeTerminated(name)
            packet.body.writeTerminated(MilterField.forFilter(value, keepsBlanks: keepsBlanks))
        case .body(let piece): packet.body = piece
        case .data, .endOfHeader, .endOfMessage, .abort, .quit, .quitForNext: break
        }
        return packet
    }
}

extension MilterPeer {
    fileprivate func write(to buffer: inout ByteBuffer) {
        switch self {
        case .unknown: buffer.writeStaticString("U")
        case .local(let path):
            buffer.writeStaticString("L")
            buffer.writeInteger(UInt16(0))
            buffer.writeTerminated(path)
        case .ip(let address, let port):
            switch address {
            case .v4: buffer.writeStaticString("4")
            case .v6: buffer.writeStaticString("6")
            }
            buffer.writeInteger(UInt16(clamping: port))
            buffer.writeTerminated(address.description)
        }
    }
}
