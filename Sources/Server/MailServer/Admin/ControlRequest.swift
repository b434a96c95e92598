/// What is asked of a running server.
package enum ControlRequest: Codable, Equatable, Sendable {
    case queue(QueueRequest)
    /// To read the configuration again.
    case reload
    /// To be shown what SEND, SOML and SAML bring to a user, until one hangs up.
    case watch(user: String)
    /// To fetch mail from another server.
    case turn(TurnOrder)
}
