/// How many connections a pool keeps, and how long.
public struct SMTPPoolLimits: Sendable {
    /// Connections to one endpoint at once; who wants another one waits.
    public var connections: Int
    /// How long a connection that nobody uses is kept.
    public var idleTime: Duration
    /// Messages that go over one connection, whatever the server grants.
    public var messages: Int

    /// - Parameters:
    ///   - connections: to one endpoint at once.
    ///   - idleTime: how long a connection that nobody uses is kept.
    ///   - messages: that go over one connection, whatever the server grants.
    public init(connections: Int = 10, idleTime: Duration = .seconds(10), messages: Int = 100) {
        self.connections = connections
        self.idleTime = idleTime
        self.messages = messages
    }
}
