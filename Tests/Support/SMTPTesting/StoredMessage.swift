/// A message that a server has taken, as far as a test looks at it.
public struct StoredMessage: Hashable, Sendable {
    /// In angle brackets.
    public var reversePath: String
    /// In angle brackets, in the order of their RCPT.
    public var forwardPaths: [String]
    /// Without what the server puts in front of it.
    public var content: [UInt8]

    public init(reversePath: String, forwardPaths: [String] = [], content: [UInt8] = []) {
        self.reversePath = reversePath
        self.forwardPaths = forwardPaths
        self.content = content
    }
}
