/// What a reply code or an enhanced status code means, in plain words.
public struct CodeExplanation: Hashable, Sendable {
    /// Who can do something about it.
    public enum Party: String, Hashable, Sendable {
        /// Nothing is wrong, or time alone helps.
        case nobody
        /// Whoever wrote the message.
        case author
        /// Whoever the message is for.
        case recipient
        /// Whoever runs the server or the program that sends.
        case sendingSide = "sending side"
        /// Whoever runs the server that answers.
        case receivingSide = "receiving side"
    }

    /// As it stands in a reply.
    public let code: String
    /// The name of the standard for it.
    public let title: String
    public let meaning: String
    /// What is mostly behind it, where there is more to say than the meaning.
    public let causes: String?
    public let party: Party
    /// Where it is defined.
    public let source: String
    /// Whether the code is in the standards; if not, its digits alone are explained.
    public let isRegistered: Bool
}
