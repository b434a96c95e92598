/// How often a message is tried, where the server certainly did not take it: there was no session, or the server refused
/// for now (4xx). A session that breaks off is never repeated, since the server may have taken the message.
public struct MailerRetry: Hashable, Sendable {
    /// How often at most, the first time included.
    public var attempts: Int
    /// The pause before the second attempt; before each further one it doubles.
    public var pause: Duration

    /// - Parameters:
    ///   - attempts: how often at most, the first time included.
    ///   - pause: before the second attempt; before each further one it doubles.
    public init(attempts: Int, pause: Duration = .seconds(1)) {
        self.attempts = attempts
        self.pause = pause
    }

    /// No second attempt.
    public static let once = MailerRetry(attempts: 1)
}
