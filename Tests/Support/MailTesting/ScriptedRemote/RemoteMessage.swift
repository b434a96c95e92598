public import Foundation

/// A message that a `ScriptedRemote` has read to its end.
public struct RemoteMessage: Sendable, Hashable {
    /// The MAIL command that began it.
    public var mail: String
    /// The RCPT commands that were answered well.
    public var recipients: [String] = []
    public var content = Data()
    /// Whether the client was told that the message was taken, as far as the remote knows.
    public var isTaken = false
}
