/// One line of the dialogue, as it was spoken.
public struct TranscriptLine: Hashable, Sendable, CustomStringConvertible {
    /// Who said the line.
    public enum Direction: Character, Hashable, Sendable {
        /// By this side.
        case sent = ">"
        /// By the server.
        case received = "<"
    }

    /// Who said it.
    public let direction: Direction
    /// Without its line end. The message is summed up in one line, and what either side says to prove who it is hidden.
    public let text: String
    /// Time since the connection was begun.
    public let offset: Duration

    /// - Parameters:
    ///   - direction: who said it.
    ///   - text: without its line end.
    ///   - offset: time since the connection was begun.
    public init(_ direction: Direction, _ text: String, offset: Duration) {
        self.direction = direction
        self.text = text
        self.offset = offset
    }

    public var description: String { "\(direction.rawValue) \(text)" }
}
