/// One conversation with a server, as a file of `Tests/Dialogues` tells it; the form is described there.
public struct Dialogue: Sendable {
    public enum Step: Hashable, Sendable {
        /// The client sends this.
        case send([UInt8])
        /// The next line of a reply, or the rest of a reply, begins so.
        case expect(String)
        case expectClose
        /// The next message that the server has stored.
        case stored(StoredMessage)
    }

    public let name: String
    public let options: DialogueOptions
    public let steps: [Step]

    /// What the client sends, all at once.
    public var input: [UInt8] {
        steps.flatMap { step -> [UInt8] in if case .send(let octets) = step { octets } else { [] } }
    }

    /// The messages that must be stored, and no others.
    public var stored: [StoredMessage] {
        steps.compactMap { if case .stored(let message) = $0 { message } else { nil } }
    }
}

extension Dialogue: CustomStringConvertible {
    public var description: String { name }
}

/// Why a text is no dialogue, or a dialogue went another way than it is told.
public struct DialogueFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
