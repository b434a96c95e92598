/// One line of the dialogue, as it was spoken.
public struct TranscriptLine: Hashable, Sendable, CustomStringConvertible {
    public enum Direction: Character, Hashable, Sendable {
        case sent = ">"
        case received = "<"
    }

    public let direction: Direction
    /// Without its line end. The message is summed up in one line.
    public let text: String
    /// Time since the connection was begun.
    public let offset: Duration

    public init(_ direction: Direction, _ text: String, offset: Duration) {
        self.direction = direction
        self.text = text
        self.offset = offset
    }

    public var description: String { "\(direction.rawValue) \(text)" }
}
