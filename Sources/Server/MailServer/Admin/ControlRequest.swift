/// What is asked of a running server.
package enum ControlRequest: Codable, Equatable, Sendable {
    case queue(QueueRequest)
    /// To read the configuration again.
    case reload
}
