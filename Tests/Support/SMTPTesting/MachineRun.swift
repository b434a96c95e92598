import MailCore
import NIOCore
public import SMTPCore

/// A server machine in motion, without a socket: it is given octets, a policy answers its questions, and what it did is
/// kept in the order in which it was done.
public struct MachineRun: Sendable {
    public enum Event: Equatable, Sendable {
        case reply(SMTPReply)
        case asked(SMTPServerQuestion)
        /// The message that the reply before it promised to keep.
        case stored(StoredMessage)
        case abandoned
        case startedTLS
        case handedOver
        case closed
    }

    public private(set) var events: [Event] = []
    private var machine: SMTPServerMachine
    private var policy: ScriptedPolicy
    private let heedsEarlyTalkers: Bool
    private var message = StoredMessage(reversePath: "<>")

    /// - Parameter heedsEarlyTalkers: whether to look for input that came before its turn, which depends on how the input
    ///   is cut.
    /// - Parameter beginsWithTLS: whether the handshake comes first; `tell` it that it is done.
    public init(
        _ configuration: SMTPServerConfiguration, policy: ScriptedPolicy = ScriptedPolicy(),
        heedsEarlyTalkers: Bool = false, beginsWithTLS: Bool = false
    ) {
        machine = SMTPServerMachine(configuration: configuration, beginsWithTLS: beginsWithTLS)
        self.policy = policy
        self.heedsEarlyTalkers = heedsEarlyTalkers
    }

    /// Lets the machine begin: it greets.
    public mutating func begin() { pump() }

    public mutating func receive(_ bytes: some Collection<UInt8>) {
        machine.receive(ByteBuffer(bytes: bytes))
        pump()
    }

    /// The peer has sent its last octet.
    public mutating func inputEnded() {
        machine.inputEnded()
        pump()
    }

    /// Tells the machine what only a clock knows, such as `timedOut`.
    public mutating func tell(_ news: (inout SMTPServerMachine) -> Void) {
        news(&machine)
        pump()
    }

    public var isClosed: Bool { machine.waiting == .nothing }
    public var isInTransaction: Bool { machine.isInTransaction }
    public var unreadOctets: Int { machine.unreadOctets }

    public var replies: [SMTPReply] {
        events.compactMap { if case .reply(let reply) = $0 { reply } else { nil } }
    }

    public var stored: [StoredMessage] {
        events.compactMap { if case .stored(let message) = $0 { message } else { nil } }
    }

    private mutating func pump() {
        while let action = machine.next() {
            switch action {
            case .reply(let reply): events.append(.reply(reply))
            case .ask(let question): answer(question)
            case .body(let piece): message.content += piece.readableBytesView
            case .synchronize:
                if heedsEarlyTalkers, machine.unreadOctets > 0 { machine.peerTalkedTooEarly() }
            case .abandonTransaction:
                message = StoredMessage(reversePath: "<>")
                events.append(.abandoned)
            case .startTLS:
                events.append(.startedTLS)
                machine.tlsEstablished()
            case .handOver: events.append(.handedOver)
            case .close: events.append(.closed)
            }
        }
    }

    private mutating func answer(_ question: SMTPServerQuestion) {
        events.append(.asked(question))
        let verdict = policy.decide(question)
        switch (question, verdict) {
        case (.mail(let command), .accept): message = StoredMessage(reversePath: command.reversePath.description)
        case (.recipient(let command), .accept): message.forwardPaths.append(command.forwardPath.description)
        case (.message, .accept(let reply?)):
            events.append(.stored(message))
            guard machine.configuration.kind == .lmtp else { break }
            return machine.answer(.eachRecipient(message.forwardPaths.map { _ in reply }))
        default: break
        }
        machine.answer(verdict)
    }
}
